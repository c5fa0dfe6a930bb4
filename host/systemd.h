/* Telling systemd, where it asks: one datagram to $NOTIFY_SOCKET. */
#ifndef JMH_SYSTEMD_H
#define JMH_SYSTEMD_H

/* "READY=1", "STOPPING=1"; nothing happens without a NOTIFY_SOCKET. [loop] */
void jmh_systemd_notify(const char *state);

#endif
