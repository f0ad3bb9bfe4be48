# hookline_samples(OUT service): every samples/*.json of src/services/<service> becomes a string of the program.
# OUT names the file that holds them, for SOURCES of the room; it defines sample_files() of the service.
function(hookline_samples out service)
  file(GLOB samples CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/samples/*.json)
  list(TRANSFORM samples REPLACE "^.*/" "" OUTPUT_VARIABLE names)
  list(JOIN names "," names)  # in the command, so that a file that was renamed, and is no newer, makes it run again
  set(embedded ${CMAKE_CURRENT_BINARY_DIR}/sample_files.cpp)
  set(script ${CMAKE_SOURCE_DIR}/cmake/embed_samples.cmake)
  add_custom_command(OUTPUT ${embedded}
      COMMAND ${CMAKE_COMMAND} -D OUTPUT=${embedded} -D FOLDER=${CMAKE_CURRENT_SOURCE_DIR}/samples
              -D SERVICE=${service} -D NAMES=${names} -P ${script}
      DEPENDS ${samples} ${script} VERBATIM)
  set(${out} ${embedded} PARENT_SCOPE)
endfunction()
