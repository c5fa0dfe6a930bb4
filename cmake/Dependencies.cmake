# The third-party libraries, each as one target. Link what you use, where you use it:
#
#   junmai::dep::websockets   libwebsockets   host/transport, host/loop
#   junmai::dep::uv           libuv           host/transport, host/loop
#   junmai::dep::ltdl         libltdl         the plugin loader
#   junmai::dep::sqlite3      SQLite          the store
#   junmai::dep::jansson      Jansson         host, and plugins (no type of it crosses the ABI)
#   junmai::dep::xxhash       xxHash          file hashing
#   junmai::dep::crypto       OpenSSL         SHA-256, random tokens
#   junmai::dep::ssl          OpenSSL         TLS
#   junmai::dep::zlib         zlib            permessage-deflate
#   junmai::dep::curl         libcurl         command line, tests
#   junmai::dep::gexiv2       gexiv2          task objects only (TASK_LIBS)
#   junmai::dep::vips         libvips         task objects only (TASK_LIBS)
#   junmai::dep::libraw       LibRaw          task objects only (TASK_LIBS)
#   junmai::dep::lcms2        Little CMS      task objects only (TASK_LIBS)
#   junmai::dep::cmocka       cmocka          tests; junmai_add_test links it
#   junmai::dep::threads      POSIX threads
#   junmai::dep::dl           dlopen
#
# The Debian package of each is named in ./dev, which installs them.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

function(junmai_pkg_dependency name module)
    string(TOUPPER JM_DEP_${name} variable)
    pkg_check_modules(${variable} REQUIRED IMPORTED_TARGET GLOBAL ${module})
    add_library(junmai::dep::${name} ALIAS PkgConfig::${variable})
endfunction()

junmai_pkg_dependency(websockets libwebsockets>=4.1.6)
junmai_pkg_dependency(uv libuv>=1.44)
junmai_pkg_dependency(jansson jansson>=2.14)
junmai_pkg_dependency(sqlite3 sqlite3>=3.40)
junmai_pkg_dependency(xxhash libxxhash>=0.8)
junmai_pkg_dependency(crypto libcrypto>=3.0)
junmai_pkg_dependency(ssl libssl>=3.0)
junmai_pkg_dependency(zlib zlib)
junmai_pkg_dependency(curl libcurl)
junmai_pkg_dependency(gexiv2 gexiv2>=0.14)
junmai_pkg_dependency(vips vips>=8.14)
junmai_pkg_dependency(libraw libraw>=0.20)
junmai_pkg_dependency(lcms2 lcms2>=2.14)
junmai_pkg_dependency(cmocka cmocka>=1.1.5)

# LibRaw's .pc file asks for -fopenmp, for which clang wants a run time of its own. The library was
# built with gcc's: who links it links gomp.
set_target_properties(PkgConfig::JM_DEP_LIBRAW PROPERTIES INTERFACE_LINK_OPTIONS "")

# libltdl has no .pc file.
find_path(JUNMAI_LTDL_INCLUDE_DIR ltdl.h)
find_library(JUNMAI_LTDL_LIBRARY ltdl)
mark_as_advanced(JUNMAI_LTDL_INCLUDE_DIR JUNMAI_LTDL_LIBRARY)
if(NOT JUNMAI_LTDL_INCLUDE_DIR OR NOT JUNMAI_LTDL_LIBRARY)
    message(FATAL_ERROR "libltdl was not found: install libltdl-dev (./dev deps does).")
endif()
add_library(junmai::dep::ltdl UNKNOWN IMPORTED GLOBAL)
set_target_properties(junmai::dep::ltdl PROPERTIES
    IMPORTED_LOCATION ${JUNMAI_LTDL_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${JUNMAI_LTDL_INCLUDE_DIR})

add_library(junmai::dep::threads ALIAS Threads::Threads)

add_library(junmai_dep_dl INTERFACE)
target_link_libraries(junmai_dep_dl INTERFACE ${CMAKE_DL_LIBS})
add_library(junmai::dep::dl ALIAS junmai_dep_dl)
