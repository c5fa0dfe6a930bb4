# junmai_add_test: a cmocka test program, registered with ctest.
#
#   junmai_add_test(NAME host_ring_test SOURCES ring_test.c LIBS junmai_host
#                   [LABELS tsan]     "tsan": also run under ThreadSanitizer, for tests with threads
#                   [TIMEOUT 60])     seconds
#
# junmai_add_fuzzer: a libFuzzer program (LLVMFuzzerTestOneInput), built by the preset 'fuzz' alone.
#
#   junmai_add_fuzzer(NAME envelope SOURCES envelope_fuzz.c LIBS junmai_host)
#
# ./dev fuzz starts it with the corpus tests/fuzz/corpus/NAME, and with the dictionary
# tests/fuzz/NAME.dict where there is one.
include_guard(GLOBAL)

if(JUNMAI_FUZZ)
    add_custom_target(fuzzers)
endif()

function(junmai_add_test)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME;TIMEOUT" "SOURCES;LIBS;LABELS")
    if(NOT arg_NAME OR NOT arg_SOURCES OR arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "junmai_add_test needs NAME and SOURCES, and does not know "
                            "'${arg_UNPARSED_ARGUMENTS}'. JunmaiTest.cmake describes its use.")
    endif()
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 60)
    endif()
    add_executable(${arg_NAME} ${arg_SOURCES})
    target_include_directories(${arg_NAME} PRIVATE
        ${CMAKE_CURRENT_SOURCE_DIR} ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/include
        ${PROJECT_SOURCE_DIR}/sdk/include)
    target_link_libraries(${arg_NAME} PRIVATE ${arg_LIBS} junmai::dep::cmocka)
    set_target_properties(${arg_NAME} PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
    add_test(NAME ${arg_NAME} COMMAND ${arg_NAME})
    set_tests_properties(${arg_NAME} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}")
endfunction()

function(junmai_add_fuzzer)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME" "SOURCES;LIBS")
    if(NOT arg_NAME OR NOT arg_SOURCES OR arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "junmai_add_fuzzer needs NAME and SOURCES, and does not know "
                            "'${arg_UNPARSED_ARGUMENTS}'. JunmaiTest.cmake describes its use.")
    endif()
    if(NOT JUNMAI_FUZZ)
        return()
    endif()
    add_executable(fuzz_${arg_NAME} ${arg_SOURCES})
    target_include_directories(fuzz_${arg_NAME} PRIVATE
        ${CMAKE_CURRENT_SOURCE_DIR} ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/include
        ${PROJECT_SOURCE_DIR}/sdk/include)
    target_link_libraries(fuzz_${arg_NAME} PRIVATE ${arg_LIBS})
    target_link_options(fuzz_${arg_NAME} PRIVATE -fsanitize=fuzzer)
    add_dependencies(fuzzers fuzz_${arg_NAME})
    set_target_properties(fuzz_${arg_NAME} PROPERTIES
        OUTPUT_NAME ${arg_NAME} RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/fuzz)
endfunction()
