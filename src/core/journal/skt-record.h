/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  SKT_RECORD_NONE,
  /* Data: the payload range is bytes of the connection. */
  SKT_RECORD_RECEIVED,          /* one read */
  SKT_RECORD_SENT,              /* one successful write */
  /* Events: the payload range, if any, is UTF-8 detail for the sentence (an address, a host name, a message). */
  SKT_RECORD_RESOLVING,         /* detail: host name */
  SKT_RECORD_CONNECTING,        /* detail: address and port */
  SKT_RECORD_OPENED,            /* connected or accepted; detail: "local remote", two endpoints separated by a space */
  SKT_RECORD_PEER_FINISHED,     /* read of length 0: the peer sent FIN */
  SKT_RECORD_CLOSED,            /* reason says how; stream_offset: bytes that were queued and not sent; unacknowledged; detail: how long
                                   it was open, as seconds (“12.345”); flags: whose FIN came first */
  SKT_RECORD_FAILED,            /* connecting or listening failed, reason and code say why; detail: address or host */
  SKT_RECORD_LISTENING,         /* detail: address and port */
  SKT_RECORD_STOPPED_LISTENING, /* reason: why */
  SKT_RECORD_NOTE,              /* detail: a sentence for the reader */
  SKT_RECORD_FINISHED,          /* we have finished sending: FIN was sent */
  SKT_N_RECORD_KINDS,
} SktRecordKind;

/* Why something ended or failed. Numbers are stored: only append. */
typedef enum
{
  SKT_REASON_NONE,
  SKT_REASON_LOCAL_CLOSED,      /* the user disconnected */
  SKT_REASON_PEER_CLOSED,       /* FIN from the peer */
  SKT_REASON_RESET,             /* RST from the peer (ECONNRESET, EPIPE) */
  SKT_REASON_TIMED_OUT,         /* no acknowledgement, or no answer to SYN (ETIMEDOUT) */
  SKT_REASON_CONNECT_TIMEOUT,   /* our own connect timeout ran out */
  SKT_REASON_REFUSED,
  SKT_REASON_HOST_UNREACHABLE,
  SKT_REASON_NETWORK_UNREACHABLE,
  SKT_REASON_NAME_NOT_FOUND,    /* the resolver says that there is no such name */
  SKT_REASON_RESOLVER_FAILED,   /* the resolver did not answer */
  SKT_REASON_CANCELLED,
  SKT_REASON_ADDRESS_IN_USE,
  SKT_REASON_ADDRESS_NOT_AVAILABLE, /* local address that this machine does not have */
  SKT_REASON_PERMISSION_DENIED,
  SKT_REASON_SELF_CONNECTED,    /* local and remote address are the same: simultaneous open with oneself */
  SKT_REASON_OUT_OF_DESCRIPTORS,
  SKT_REASON_JOURNAL,           /* could not be stored */
  SKT_REASON_OTHER,             /* code (errno) says what */
  SKT_REASON_LOCAL_RESET,       /* the user reset the connection (RST) */
  SKT_REASON_KEEP_ALIVE,        /* ETIMEDOUT with nothing unacknowledged: the probes were not answered */
  SKT_N_REASONS,
} SktReason;

/* One event of a session, as stored: little-endian, 48 bytes, in the file `records` after its header. */
typedef struct
{
  guint64 time_ns;       /* CLOCK_REALTIME */
  guint64 offset;        /* first byte in the file `payload` */
  guint64 stream_offset; /* data: bytes of this connection and direction before this record */
  guint32 length;        /* bytes in the payload */
  guint32 connection;    /* from 1; 0: the session itself */
  guint8 kind;           /* SktRecordKind */
  guint8 reason;         /* SktReason */
  guint16 flags;         /* SKT_RECORD_FLAG_* */
  gint32 code;           /* errno, 0: none */
  guint32 unacknowledged; /* closed: bytes that were sent and that the peer's TCP has not acknowledged; else 0 */
  guint32 crc;           /* CRC-32/ISO-HDLC of the 44 bytes before */
} SktRecord;
G_STATIC_ASSERT (sizeof (SktRecord) == 48);

#define SKT_RECORD_FLAG_AUTOMATIC (1 << 0)   /* sent by echo, not by the user */
#define SKT_RECORD_FLAG_URGENT (1 << 1)      /* data of one byte: the urgent byte (MSG_OOB) */
#define SKT_RECORD_FLAG_LOCAL_FIRST (1 << 2) /* closed: our FIN was sent before the peer's came */
#define SKT_RECORD_FLAG_PEER_FIRST (1 << 3)  /* closed: the peer's FIN came before ours was sent */

static inline gboolean
skt_record_is_data (const SktRecord *record)
{
  return record->kind == SKT_RECORD_RECEIVED || record->kind == SKT_RECORD_SENT;
}

G_END_DECLS
