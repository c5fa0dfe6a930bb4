# junmai_add_plugin: builds a plugin, in this tree and, through the SDK, in anybody's.
#
#   junmai_add_plugin(NAME import
#                     SOURCES plugin.c scan.c          -> import.so, loaded by the host
#                     [TASK_SOURCES task.c]            -> import-task.so, loaded by workers alone
#                     [LIBS junmai::dep::jansson]      linked to import.so
#                     [TASK_LIBS junmai::dep::gexiv2]  linked to import-task.so
#                     [CXX])                           some of it is C++
#
# The folder holds manifest.json. Its text becomes JM_MANIFEST_TEXT in the generated header
# NAME_manifest.h, and a copy lies beside the object as NAME.json. The targets are called plugin_NAME
# and plugin_NAME_task.
#
# Variables of the calling scope:
#   JUNMAI_PLUGIN_INCLUDE_DIRS  where the ABI, the SDK and other plugins' service headers are
#   JUNMAI_PLUGIN_OUTPUT_DIR    where the objects are built; default: plugins/ in the build folder
#   JUNMAI_PLUGIN_INSTALL_DIR   where they are installed; empty: not at all
include_guard(GLOBAL)

set(JUNMAI_PLUGIN_MODULE_DIR ${CMAKE_CURRENT_LIST_DIR})

function(junmai_add_plugin)
    cmake_parse_arguments(PARSE_ARGV 0 arg "CXX" "NAME" "SOURCES;TASK_SOURCES;LIBS;TASK_LIBS")
    if(NOT arg_NAME OR NOT arg_SOURCES OR arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "junmai_add_plugin needs NAME and SOURCES, and does not know "
                            "'${arg_UNPARSED_ARGUMENTS}'. JunmaiPlugin.cmake describes its use.")
    endif()
    if(NOT EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/manifest.json)
        message(FATAL_ERROR "Plugin '${arg_NAME}' has no manifest.json in "
                            "${CMAKE_CURRENT_SOURCE_DIR}.")
    endif()
    if(NOT JUNMAI_PLUGIN_OUTPUT_DIR)
        set(JUNMAI_PLUGIN_OUTPUT_DIR ${CMAKE_BINARY_DIR}/plugins)
    endif()

    junmai_plugin_manifest(${arg_NAME})
    junmai_plugin_object(plugin_${arg_NAME} ${arg_NAME} junmai_plugin_entry "${arg_CXX}"
                         "${arg_SOURCES}" "${arg_LIBS}")
    if(arg_TASK_SOURCES)
        junmai_plugin_object(plugin_${arg_NAME}_task ${arg_NAME}-task junmai_task_entry
                             "${arg_CXX}" "${arg_TASK_SOURCES}" "${arg_TASK_LIBS}")
    endif()

    # tests/lint looks at what is shipped for the host more strictly than at the rest.
    if(NOT JUNMAI_PLUGIN_INSTALL_DIR)
        return()
    endif()
    list(TRANSFORM arg_SOURCES PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/" REGEX "^[^/]"
         OUTPUT_VARIABLE host_sources)
    list(JOIN host_sources "\n" host_sources)
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/plugin-sources/${arg_NAME}.txt
         CONTENT "${host_sources}\n")
endfunction()

# NAME_manifest.h in the build folder, NAME.json beside the plugin.
function(junmai_plugin_manifest name)
    set(input ${CMAKE_CURRENT_SOURCE_DIR}/manifest.json)
    set(header ${CMAKE_CURRENT_BINARY_DIR}/${name}_manifest.h)
    set(copy ${JUNMAI_PLUGIN_OUTPUT_DIR}/${name}.json)
    set(script ${JUNMAI_PLUGIN_MODULE_DIR}/EmbedManifest.cmake)
    add_custom_command(
        OUTPUT ${header} ${copy}
        COMMAND ${CMAKE_COMMAND} -DINPUT=${input} -DHEADER=${header} -DCOPY=${copy} -P ${script}
        DEPENDS ${input} ${script}
        COMMENT "Embedding the manifest of ${name}"
        VERBATIM)
    add_custom_target(plugin_${name}_manifest DEPENDS ${header} ${copy})
    if(JUNMAI_PLUGIN_INSTALL_DIR)
        install(FILES ${copy} DESTINATION ${JUNMAI_PLUGIN_INSTALL_DIR})
    endif()
endfunction()

# One shared object, FILE.so, that exports ENTRY and nothing else.
function(junmai_plugin_object target file entry cxx sources libs)
    string(REGEX REPLACE "-task$" "" name ${file})
    add_library(${target} MODULE ${sources})
    add_dependencies(${target} plugin_${name}_manifest)
    target_include_directories(${target} PRIVATE
        ${CMAKE_CURRENT_SOURCE_DIR} ${CMAKE_CURRENT_BINARY_DIR} ${JUNMAI_PLUGIN_INCLUDE_DIRS})
    target_link_libraries(${target} PRIVATE ${libs})
    set_target_properties(${target} PROPERTIES
        PREFIX "" SUFFIX .so OUTPUT_NAME ${file}
        LIBRARY_OUTPUT_DIRECTORY ${JUNMAI_PLUGIN_OUTPUT_DIR}
        C_VISIBILITY_PRESET hidden
        CXX_VISIBILITY_PRESET hidden
        VISIBILITY_INLINES_HIDDEN ON)

    # A static of an inline C++ function is "unique" in the whole process by default: a reloaded
    # plugin would share it with the image that it replaces.
    if(cxx)
        set_target_properties(${target} PROPERTIES LINKER_LANGUAGE CXX)
        if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
            target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-fno-gnu-unique>)
        endif()
    endif()

    # The standard library's templates ignore hidden visibility; the version script does not.
    set(exports ${CMAKE_CURRENT_BINARY_DIR}/${file}.map)
    file(CONFIGURE OUTPUT ${exports} CONTENT "{ global: ${entry}; local: *; };\n")
    target_link_options(${target} PRIVATE
        -Wl,--version-script=${exports} -Wl,-z,relro -Wl,-z,now -Wl,--build-id=sha1)
    set_target_properties(${target} PROPERTIES LINK_DEPENDS ${exports})
    # A missing symbol is an error now rather than at load. Clang keeps the run time of its
    # sanitizers in the executable, so there it is missing from every shared object.
    if(NOT (CMAKE_C_COMPILER_ID STREQUAL "Clang" AND JUNMAI_SANITIZE))
        target_link_options(${target} PRIVATE -Wl,-z,defs)
    endif()

    if(JUNMAI_PLUGIN_INSTALL_DIR)
        install(TARGETS ${target} LIBRARY DESTINATION ${JUNMAI_PLUGIN_INSTALL_DIR})
    endif()
endfunction()
