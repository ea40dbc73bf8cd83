/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the export and the import of pcapng files (draft-ietf-opsawg-pcapng) have in common. */

#define SKT_PCAPNG_BLOCK_SECTION 0x0A0D0D0A
#define SKT_PCAPNG_BLOCK_INTERFACE 1
#define SKT_PCAPNG_BLOCK_SIMPLE 3
#define SKT_PCAPNG_BLOCK_PACKET 6
#define SKT_PCAPNG_BYTE_ORDER 0x1A2B3C4D

#define SKT_PCAPNG_OPTION_END 0
#define SKT_PCAPNG_OPTION_COMMENT 1
#define SKT_PCAPNG_OPTION_SECTION_APPLICATION 4
#define SKT_PCAPNG_OPTION_INTERFACE_NAME 2
#define SKT_PCAPNG_OPTION_INTERFACE_RESOLUTION 9
#define SKT_PCAPNG_OPTION_INTERFACE_OFFSET 14
#define SKT_PCAPNG_OPTION_PACKET_FLAGS 2

#define SKT_PCAPNG_INBOUND 1
#define SKT_PCAPNG_OUTBOUND 2

#define SKT_LINKTYPE_NULL 0
#define SKT_LINKTYPE_ETHERNET 1
#define SKT_LINKTYPE_RAW 101
#define SKT_LINKTYPE_LOOP 108
#define SKT_LINKTYPE_LINUX_SLL 113
#define SKT_LINKTYPE_IPV4 228
#define SKT_LINKTYPE_IPV6 229
#define SKT_LINKTYPE_LINUX_SLL2 276

#define SKT_TCP_FIN 0x01
#define SKT_TCP_SYN 0x02
#define SKT_TCP_RST 0x04
#define SKT_TCP_PSH 0x08
#define SKT_TCP_ACK 0x10

/* The application of a section that this program wrote begins so. */
#define SKT_PCAPNG_APPLICATION "Socketeer"

/* Comments of packets in such a section, by which the import finds what TCP does not tell. They are for people too:
 *
 *   Connection 3                     the SYN of connection 3
 *   Connection 3, opened earlier     the same; it had been opened before the first record that was exported
 *   Connection 3, opened earlier, addresses unknown
 *   Connection 3 closed: reason 2, code 0, unsent 0 (words)    numbers as in docs/journal-format.md
 *   Sent automatically (echo) */
#define SKT_PCAPNG_COMMENT_CONNECTION "Connection "
#define SKT_PCAPNG_COMMENT_EARLIER ", opened earlier"
#define SKT_PCAPNG_COMMENT_UNKNOWN ", addresses unknown"
#define SKT_PCAPNG_COMMENT_CLOSED " closed: "
#define SKT_PCAPNG_COMMENT_ECHO "Sent automatically (echo)"
#define SKT_PCAPNG_COMMENT_URGENT "Urgent byte"

/* The sequence number of stream offset 0 less one. Not the same for each connection: the same two ports may be used
 * again, and a SYN that looks like the one before would be taken for that one sent again. */
static inline guint32
skt_pcapng_initial_sequence (guint32 connection)
{
  return connection * 2654435761u;
}

G_END_DECLS
