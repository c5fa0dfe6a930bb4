# Turns a manifest into a C string literal and copies it beside its plugin.
# cmake -DINPUT=manifest.json -DHEADER=x_manifest.h -DCOPY=x.json -P EmbedManifest.cmake
file(READ ${INPUT} text)
string(JSON kind ERROR_VARIABLE broken TYPE "${text}")
if(broken OR NOT kind STREQUAL "OBJECT")
    message(FATAL_ERROR "${INPUT} is not a JSON object: ${broken}")
endif()

# "?" is escaped against trigraphs, which are part of C17.
set(literal "${text}")
foreach(character "\\" "\"" "?")
    string(REPLACE "${character}" "\\${character}" literal "${literal}")
endforeach()
string(REPLACE "\t" "\\t" literal "${literal}")
string(REPLACE "\r" "" literal "${literal}")
string(REGEX REPLACE "\n$" "" literal "${literal}")
string(REPLACE "\n" "\\n\" \\\n    \"" literal "${literal}")

file(WRITE ${HEADER} "/* Generated from manifest.json. */
#define JM_MANIFEST_TEXT \\
    \"${literal}\\n\"
")
file(COPY_FILE ${INPUT} ${COPY})
