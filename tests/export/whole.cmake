# Exports through the whole host: each test starts a real junmaid. export-bench compares with
# vipsthumbnail.
add_library(junmai-exporttest STATIC exported.c)
target_include_directories(junmai-exporttest PUBLIC ${CMAKE_CURRENT_SOURCE_DIR}
                                                    ${PROJECT_SOURCE_DIR}/tests/preview)
target_link_libraries(junmai-exporttest PUBLIC junmai-hosttest junmai-previewtest
                                               junmai::dep::vips)

foreach(noun destination files jobs kill presets)
    junmai_add_test(NAME export_${noun}_test SOURCES ${noun}_test.c LIBS junmai-exporttest
                    TIMEOUT 1800)
endforeach()

junmai_add_test(NAME export_cli_test SOURCES cli_test.c LIBS junmai-exporttest junmai-clitest
                TIMEOUT 300)
add_dependencies(export_cli_test junmai)

add_executable(export-bench bench.c)
target_link_libraries(export-bench PRIVATE junmai-exporttest)
set_target_properties(export-bench PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
