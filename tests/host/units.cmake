# Whether systemd understands the units that are installed, and finds nothing to warn of. The program is
# the one of the build: PROGRAM; the units are in UNITS; FOLDER is for their copies.
find_program(analyze systemd-analyze)
if(NOT analyze)
    message(STATUS "SKIPPED: there is no systemd-analyze")
    return()
endif()

function(verify name manager)
    file(READ ${UNITS}/${name}.service text)
    string(REPLACE "ExecStart=junmaid" "ExecStart=${PROGRAM}" text "${text}")
    set(ENV{XDG_RUNTIME_DIR} ${FOLDER}) # which a manager of a user needs
    file(WRITE ${FOLDER}/${manager}/junmaid.service "${text}")
    execute_process(COMMAND ${analyze} verify --${manager} --man=no --recursive-errors=no
                            ${FOLDER}/${manager}/junmaid.service
                    RESULT_VARIABLE status OUTPUT_VARIABLE said ERROR_VARIABLE complained)
    if(NOT status EQUAL 0 OR NOT "${said}${complained}" STREQUAL "")
        message(FATAL_ERROR "${name}.service: ${status} ${said}${complained}")
    endif()
endfunction()

verify(junmaid system)
verify(junmaid.user user)
