/* Frame headers. Any thread. */
#include "host/util/frame.h"

#define WHOLE_TEXT 0x81u /* FIN, opcode 1 */

size_t jmh_frame_head(uint8_t *out, size_t message_bytes)
{
    size_t head = message_bytes < 126 ? 2 : message_bytes < 65536 ? 4 : 10;
    out[0] = WHOLE_TEXT;
    out[1] = (uint8_t)(head == 2 ? message_bytes : head == 4 ? 126 : 127);
    for (size_t i = 2; i < head; i++) {
        out[i] = (uint8_t)(message_bytes >> (8 * (head - 1 - i)));
    }
    return head;
}
