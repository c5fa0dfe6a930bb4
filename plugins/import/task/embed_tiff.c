/* XMP in TIFF and DNG: packet and a new first directory behind all that is there. The old directory
 * stays as unused bytes, and everything that says where something lies in the file stays true.
 * Worker process only. */
#include "task/embed.h"

#define TAG_XMP 700
#define TYPE_BYTE 1
#define ENTRY_BYTES 12

struct order {
    bool little;
};

static uint16_t get16(const struct order *order, struct bytes file, uint64_t at)
{
    return order->little ? le16(file, at) : be16(file, at);
}

static uint32_t get32(const struct order *order, struct bytes file, uint64_t at)
{
    return order->little ? le32(file, at) : be32(file, at);
}

static void put16(const struct order *order, struct out *out, uint16_t value)
{
    const uint8_t low = (uint8_t)value;
    const uint8_t high = (uint8_t)(value >> 8);
    const uint8_t bytes[] = {order->little ? low : high, order->little ? high : low};
    out_put(out, bytes, sizeof bytes);
}

static void put32(const struct order *order, struct out *out, uint32_t value)
{
    put16(order, out, (uint16_t)(order->little ? value : value >> 16));
    put16(order, out, (uint16_t)(order->little ? value >> 16 : value));
}

static void put_entry(const struct order *order, struct out *out, uint32_t len, uint32_t at)
{
    put16(order, out, TAG_XMP);
    put16(order, out, TYPE_BYTE);
    put32(order, out, len);
    put32(order, out, at);
}

/* The old entries with the packet's among them: they are sorted by tag. */
static void put_directory(const struct order *order, struct out *out, struct bytes file,
                          uint64_t directory, uint32_t len, uint32_t packet_at)
{
    const uint16_t count = get16(order, file, directory);
    uint16_t before = 0;
    bool has_one = false;
    for (uint16_t i = 0; i < count; i++) {
        const uint16_t tag = get16(order, file, directory + 2 + (uint64_t)i * ENTRY_BYTES);
        before = (uint16_t)(before + (tag < TAG_XMP));
        has_one |= tag == TAG_XMP;
    }
    const uint64_t entries = directory + 2;
    const uint64_t at = entries + (uint64_t)before * ENTRY_BYTES;
    const uint64_t end = entries + (uint64_t)count * ENTRY_BYTES;
    put16(order, out, (uint16_t)(count + !has_one));
    out_part(out, file, entries, at);
    put_entry(order, out, len, packet_at);
    out_part(out, file, has_one ? at + ENTRY_BYTES : at, end + 4); /* and where the next one is */
}

bool embed_tiff(struct bytes file, struct bytes packet, struct out *out)
{
    if (!has(file, 0, 8)) {
        return false;
    }
    const struct order order = {.little = file.ptr[0] == 'I'};
    const uint64_t directory = get32(&order, file, 4);
    if (get16(&order, file, 2) != 42 || !has(file, directory, 2) ||
        !has(file, directory + 2, (uint64_t)get16(&order, file, directory) * ENTRY_BYTES + 4)) {
        return false;
    }
    const uint64_t packet_at = file.len + (file.len & 1);
    const uint64_t directory_at = packet_at + packet.len + (packet.len & 1);
    if (directory_at > UINT32_MAX || get16(&order, file, directory) == UINT16_MAX) {
        return false;
    }
    out_part(out, file, 0, 4);
    put32(&order, out, (uint32_t)directory_at);
    out_part(out, file, 8, file.len);
    out_put(out, "", file.len & 1);
    out_put(out, packet.ptr, packet.len);
    out_put(out, "", packet.len & 1);
    put_directory(&order, out, file, directory, (uint32_t)packet.len, (uint32_t)packet_at);
    return true;
}
