# cmake -DSOURCE=policies -DOUTPUT=FILE.c -P embed.cmake
# Writes every SOURCE/*.yaml and SOURCE/DEFAULT as arrays of C, so that the program needs no files.
file(GLOB files ${SOURCE}/*.yaml)
list(FILTER files EXCLUDE REGEX "/(providers|replies)\\.yaml$") # embed_providers.c, embed_replies.c
list(SORT files)
set(arrays "")
set(rows "")
set(count 0)

# octets(VARIABLE FILE) - the octets of a file as the inside of a C array
function(octets variable file)
    file(READ ${file} hex HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
    string(REGEX REPLACE "((0x..,){20})" "\\1\n" bytes "${bytes}")
    set(${variable} "${bytes}" PARENT_SCOPE)
endfunction()

foreach(file IN LISTS files)
    get_filename_component(name ${file} NAME)
    string(REGEX REPLACE "\\.yaml$" "" name ${name})
    octets(bytes ${file})
    string(APPEND arrays "static const unsigned char file_${count}[] = {\n${bytes}\n};\n")
    string(APPEND rows "    {\"${name}\", file_${count}, sizeof(file_${count})},\n")
    math(EXPR count "${count} + 1")
endforeach()
octets(defaults ${SOURCE}/DEFAULT)
file(WRITE ${OUTPUT} "/* Written by embed.cmake from policies/. */
#include \"policy/policy_builtin.h\"

${arrays}
const struct policy_builtin policy_builtins[] = {
${rows}};
const size_t policy_builtins_count = ${count};
const unsigned char policy_defaults[] = {
${defaults}
};
const size_t policy_defaults_len = sizeof(policy_defaults);
")
