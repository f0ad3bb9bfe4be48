# cmake -D OUTPUT=file.cpp -D FOLDER=samples -P embed.cmake: each *.json of FOLDER as a raw string.
file(GLOB files ${FOLDER}/*.json)
list(SORT files)
set(rows "")
foreach(file IN LISTS files)
  get_filename_component(name ${file} NAME_WLE)
  if(name MATCHES "^(.*)\\.json$")
    set(name ${CMAKE_MATCH_1})
  endif()
  file(READ ${file} text)
  string(APPEND rows "    SampleFile{\"${name}\", R\"sample(${text})sample\"},\n")
endforeach()
file(WRITE ${OUTPUT} "#include <array>\n\n#include \"services/gitlab/samples.hpp\"\n
namespace hookline::services::gitlab {\n
std::span<const SampleFile> sample_files() {
    static constexpr std::array files{\n${rows}    };
    return files;
}\n
}  // namespace hookline::services::gitlab\n")
