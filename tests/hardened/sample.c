/* A small program in which every measure leaves its mark: an array that wants a canary, a copy
 * whose size is known, a frame of several pages. */
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    volatile char pages[20000];
    char name[64];

    pages[argc] = (char)argc;
    strcpy(name, argv[0]);
    printf("%s %d\n", name, pages[argc]);
    return 0;
}
