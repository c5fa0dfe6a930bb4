/* The headers of an ELF file against its size: magic, class, machine, and that every segment and the
 * section table lie within the file. Reads what it needs and trusts no number of it. [any] */
#include "host/plugin/elf.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEGMENTS_MAX 128

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define OWN_DATA ELFDATA2LSB
#else
#define OWN_DATA ELFDATA2MSB
#endif
#define OWN_CLASS (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32)

/* The header of this very program, put there by the linker: it knows the machine. */
extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));

struct file {
    const char *path;
    int fd;
    uint64_t size;
    struct jmh_err *err;
};

static bool read_at(const struct file *file, void *out, size_t len, uint64_t offset)
{
    return offset <= INT64_MAX && pread(file->fd, out, len, (off_t)offset) == (ssize_t)len;
}

static bool lies_within(const struct file *file, uint64_t offset, uint64_t len)
{
    return offset <= file->size && len <= file->size - offset;
}

static jm_status incomplete(const struct file *file)
{
    return jmh_err_set(
        file->err, JM_EINVAL,
        "%s is not complete: it has %llu bytes, its headers name more; copy it again, "
        "and rename it into place",
        file->path, (unsigned long long)file->size);
}

static jm_status check_header(const struct file *file, const ElfW(Ehdr) * header)
{
    if (memcmp(header->e_ident, ELFMAG, SELFMAG) != 0)
        return jmh_err_set(file->err, JM_EINVAL, "%s is not a shared object", file->path);
    if (header->e_ident[EI_CLASS] != OWN_CLASS || header->e_ident[EI_DATA] != OWN_DATA ||
        header->e_machine != __ehdr_start.e_machine)
        return jmh_err_set(file->err, JM_EUNSUPPORTED,
                           "%s was built for another kind of machine; build it on this one",
                           file->path);
    if (header->e_type != ET_DYN || header->e_phentsize != sizeof(ElfW(Phdr)) ||
        header->e_phnum == 0 || header->e_phnum > SEGMENTS_MAX)
        return jmh_err_set(file->err, JM_EINVAL, "%s is not a shared object", file->path);
    return JM_OK;
}

static jm_status check_extent(const struct file *file, const ElfW(Ehdr) * header)
{
    uint64_t sections = (uint64_t)header->e_shnum * header->e_shentsize;
    if (!lies_within(file, header->e_shoff, sections))
        return incomplete(file);
    for (uint64_t i = 0; i < header->e_phnum; i++) {
        ElfW(Phdr) segment;
        if (!read_at(file, &segment, sizeof segment, header->e_phoff + i * sizeof segment))
            return incomplete(file);
        if (segment.p_type == PT_LOAD && !lies_within(file, segment.p_offset, segment.p_filesz))
            return incomplete(file);
    }
    return JM_OK;
}

static jm_status check(const struct file *file)
{
    ElfW(Ehdr) header;
    if (!read_at(file, &header, sizeof header, 0))
        return jmh_err_set(file->err, JM_EINVAL, "%s is not a shared object: it has %llu bytes",
                           file->path, (unsigned long long)file->size);
    jm_status status = check_header(file, &header);
    return status < 0 ? status : check_extent(file, &header);
}

jm_status jmh_elf_check(const char *path, struct jmh_err *err)
{
    struct file file = {path, open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), 0, err};
    if (file.fd < 0 && errno == ENOENT)
        return jmh_err_set(err, JM_ENOENT,
                           "%s is not there: install that file beside its manifest, or remove the "
                           "manifest",
                           path);
    if (file.fd < 0)
        return jmh_err_set(err, JM_EIO, "%s cannot be opened: %s", path, strerror(errno));
    struct stat facts;
    jm_status status;
    if (fstat(file.fd, &facts) != 0 || !S_ISREG(facts.st_mode)) {
        status = jmh_err_set(err, JM_EINVAL, "%s is not a regular file", path);
    } else {
        file.size = (uint64_t)facts.st_size;
        status = check(&file);
    }
    close(file.fd);
    return status;
}
