# Warnings, hardening and sanitizers, for every target of the tree.
#
#   JUNMAI_SANITIZE  ""                  hardened code, as it is shipped
#                    "address;undefined" memory errors, leaks, undefined behaviour
#                    "thread"            data races
#   JUNMAI_FUZZ      ON                  as above, and instrumented for libFuzzer (clang)
#   JUNMAI_WERROR    ON                  a warning stops the build
include(CheckPIESupported)

set(JUNMAI_SANITIZE "" CACHE STRING "Sanitizers: empty, address;undefined, or thread")
option(JUNMAI_FUZZ "Instrument for libFuzzer and build the fuzz targets" OFF)
option(JUNMAI_WERROR "Treat warnings as errors" ON)

add_compile_options(-Wall -Wextra -Wconversion -Wshadow)
if(JUNMAI_WERROR)
    add_compile_options(-Werror)
endif()

# Nothing is exported unless it says so: plugins must not see each other's symbols, nor the host's.
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)

set(CMAKE_POSITION_INDEPENDENT_CODE ON)
check_pie_supported(LANGUAGES C CXX)
add_link_options(-Wl,-z,relro -Wl,-z,now -Wl,--build-id=sha1)

if(JUNMAI_FUZZ AND NOT CMAKE_C_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "JUNMAI_FUZZ needs clang, for libFuzzer: use the preset 'fuzz'.")
endif()

if(JUNMAI_SANITIZE)
    list(JOIN JUNMAI_SANITIZE "," sanitizers)
    add_compile_options(-fsanitize=${sanitizers} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${sanitizers})
    if(JUNMAI_FUZZ)
        add_compile_options(-fsanitize=fuzzer-no-link)
    endif()
else()
    add_compile_options(-fstack-protector-strong)
    if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
        add_compile_options(-fcf-protection)
    endif()
    # Level 3 also checks buffers whose size is known only at run time; it needs gcc 12. Without
    # optimisation the C library can check nothing and warns.
    set(fortify 2)
    if(CMAKE_C_COMPILER_ID STREQUAL "GNU" AND CMAKE_C_COMPILER_VERSION VERSION_GREATER_EQUAL 12)
        set(fortify 3)
    endif()
    add_compile_options("$<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=${fortify}>")
endif()
