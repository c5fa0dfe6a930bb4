# Black-box tests of the command line client `junmai`, with real hosts; part of tests/host.
add_library(junmai-clitest STATIC cli_run.c)
target_compile_definitions(junmai-clitest PRIVATE JUNMAI_BIN_DIR="${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
target_link_libraries(junmai-clitest PUBLIC junmai-hosttest)

foreach(test cli_test cli_tail_test cli_backup_test)
    junmai_add_test(NAME host_${test} SOURCES ${test}.c
                    LIBS junmai-clitest junmai::dep::threads TIMEOUT 120)
    add_dependencies(host_${test} junmai)
endforeach()
