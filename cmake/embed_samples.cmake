# cmake -D OUTPUT=file.cpp -D FOLDER=samples -D SERVICE=jenkins -P embed_samples.cmake
file(GLOB files ${FOLDER}/*.json)
list(SORT files)
set(rows "")
foreach(file IN LISTS files)
  get_filename_component(name ${file} NAME)
  string(REGEX REPLACE "\\.json$" "" name ${name})
  file(READ ${file} text)
  string(APPEND rows "    SampleFile{\"${name}\", R\"sample(${text})sample\"},\n")
endforeach()
file(WRITE ${OUTPUT} "#include <array>\n\n#include \"services/samples.hpp\"\n
namespace hookline::services::${SERVICE} {\n
std::span<const SampleFile> sample_files();\n
std::span<const SampleFile> sample_files() {
    static constexpr std::array files{\n${rows}    };
    return files;
}\n
}  // namespace hookline::services::${SERVICE}\n")
