# The code blocks of the page are, byte for byte, the files that are compiled and tested here.
# cmake -DREADME=plugins/README.md -DFOLDER=tests/plugins-hello -P readme.cmake
file(READ ${README} page)
foreach(pair manifest.json=json plugin.c=c)
    string(REPLACE "=" ";" pair ${pair})
    list(GET pair 0 name)
    list(GET pair 1 language)
    file(READ ${FOLDER}/${name} text)
    string(FIND "${page}" "```${language}\n${text}```\n" at)
    if(at LESS 0)
        message(SEND_ERROR "No ```${language} block of ${README} is ${FOLDER}/${name}: copy the "
                           "file into the page.")
    endif()
endforeach()
