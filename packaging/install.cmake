# Manual pages and completions: made by a program of the build from the tables of commands and
# options, and installed with the licence and what is to be read.

option(MANUAL "make and install manual pages and completions for shells" ON)
set(BASH_COMPLETION_DIR ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
    CACHE STRING "where bash looks for completions")
set(ZSH_COMPLETION_DIR ${CMAKE_INSTALL_DATADIR}/zsh/site-functions
    CACHE STRING "where zsh looks for completions")
set(FISH_COMPLETION_DIR ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d
    CACHE STRING "where fish looks for completions")

install(FILES LICENSE README.md CHANGES.md SECURITY.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
file(GLOB documents CONFIGURE_DEPENDS docs/*.md)
install(FILES ${documents} DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs)

if(MANUAL)
    set(pages_directory ${CMAKE_BINARY_DIR}/pages)
    file(MAKE_DIRECTORY ${pages_directory})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS src/app/command_table.def)
    file(STRINGS src/app/command_table.def commands REGEX "^COMMAND\\(")
    set(pages ${pages_directory}/mailassay.1)
    foreach(command IN LISTS commands)
        string(REGEX REPLACE "^COMMAND\\(([a-z_]+).*" "\\1" command "${command}")
        list(APPEND pages ${pages_directory}/mailassay-${command}.1)
    endforeach()
    set(completions ${pages_directory}/mailassay.bash ${pages_directory}/_mailassay
        ${pages_directory}/mailassay.fish)
    add_executable(make_pages src/app/make_pages.c)
    target_include_directories(make_pages PRIVATE src)
    target_link_libraries(make_pages PRIVATE ${rooms})
    if(ACROSS_ROOMS)
        target_link_options(make_pages PRIVATE -fno-lto)
    endif()
    add_custom_command(OUTPUT ${pages} ${completions}
        COMMAND make_pages ${pages_directory} "${RELEASE_DATE}"
        DEPENDS make_pages VERBATIM)
    add_custom_target(pages ALL DEPENDS ${pages} ${completions})
    install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
    install(FILES ${pages_directory}/mailassay.bash DESTINATION ${BASH_COMPLETION_DIR}
        RENAME mailassay)
    install(FILES ${pages_directory}/_mailassay DESTINATION ${ZSH_COMPLETION_DIR})
    install(FILES ${pages_directory}/mailassay.fish DESTINATION ${FISH_COMPLETION_DIR})
endif()
