/* A shared object that exports something else than an entry. */
#include <junmai/plugin.h>

JM_EXPORT int not_an_entry(void);

int not_an_entry(void)
{
    return 1;
}
