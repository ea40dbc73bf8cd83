/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-export-private.h"

#include <string.h>

#include "skt-pcapng.h"
#include "skt-record-text.h"

/* A pcapng file of packets as they might have been: for each record of bytes one TCP segment (more for a large one; the
 * last has PSH), before them a handshake, after them FIN or RST. What was on the wire is not known: borders of packets,
 * acknowledgements, what was sent again. The file says so. */

/* Bytes of payload in a packet. */
#define SEGMENT_SIZE (16 * 1024)
#define IP4_HEADER 20
#define IP6_HEADER 40
#define TCP_HEADER 20
/* In a SYN: the largest segment, window scale, and a filler. */
#define TCP_OPTIONS 8
#define WINDOW_SHIFT 14
#define HEADERS_MAX (IP6_HEADER + TCP_HEADER + TCP_OPTIONS)

typedef enum
{
  FROM_REMOTE,
  FROM_LOCAL,
} From;

typedef struct
{
  guint8 bytes[16];     /* IPv4: the first four */
  guint16 port;
} Address;

/* A connection. */
typedef struct
{
  guint32 id;
  Address addresses[2];    /* by From, as are the others */
  guint64 offsets[2];      /* of the stream: what came before the first record */
  guint32 sequences[2];    /* the next one */
  gboolean has_finished[2];
  gboolean is_ip6;
  gboolean is_known;       /* its addresses */
  gboolean is_opened_here; /* it was the local side that connected */
  gboolean is_begun;       /* its handshake is written */
} Flow;

typedef struct
{
  SktExport *export;
  GString *out;         /* the file's */
  GHashTable *flows;    /* id → Flow */
  guint16 ip_id;
} Writer;

/* -- Numbers ------------------------------------------------------------------------------------------------- */

static guint8 *
put_16 (guint8 *at, guint16 value)
{
  value = GUINT16_TO_BE (value);
  memcpy (at, &value, sizeof value);
  return at + sizeof value;
}

static guint8 *
put_32 (guint8 *at, guint32 value)
{
  value = GUINT32_TO_BE (value);
  memcpy (at, &value, sizeof value);
  return at + sizeof value;
}

static void
append_le_16 (GString *out, guint16 value)
{
  value = GUINT16_TO_LE (value);
  g_string_append_len (out, (const char *) &value, sizeof value);
}

static void
append_le_32 (GString *out, guint32 value)
{
  value = GUINT32_TO_LE (value);
  g_string_append_len (out, (const char *) &value, sizeof value);
}

/* -- Blocks -------------------------------------------------------------------------------------------------- */

static void
pad (GString *out, gsize length)
{
  static const char zeros[4];

  g_string_append_len (out, zeros, (4 - length % 4) % 4);
}

static void
append_option (GString *out, guint16 code, const void *value, gsize length)
{
  append_le_16 (out, code);
  append_le_16 (out, length);
  g_string_append_len (out, value, length);
  pad (out, length);
}

static void
append_text_option (GString *out, guint16 code, const char *text)
{
  append_option (out, code, text, strlen (text));
}

static gsize
begin_block (GString *out, guint32 type)
{
  const gsize start = out->len;

  append_le_32 (out, type);
  append_le_32 (out, 0);
  return start;
}

static void
end_block (GString *out, gsize start)
{
  const guint32 length = out->len - start + 4;
  const guint32 stored = GUINT32_TO_LE (length);

  append_le_32 (out, length);
  memcpy (out->str + start + 4, &stored, sizeof stored);
}

static void
write_section (GString *out)
{
  static const guint8 nanoseconds = 9;
  gsize start = begin_block (out, SKT_PCAPNG_BLOCK_SECTION);

  append_le_32 (out, SKT_PCAPNG_BYTE_ORDER);
  append_le_16 (out, 1);
  append_le_16 (out, 0);
  /* The length of the section is not told: -1. */
  append_le_32 (out, 0xFFFFFFFF);
  append_le_32 (out, 0xFFFFFFFF);
  append_text_option (out, SKT_PCAPNG_OPTION_COMMENT,
                      "Synthetic headers: these packets were not captured. Socketeer made them from what it read from and "
                      "wrote to its sockets. Bytes, order, direction, times, addresses and ports are true; packet sizes, "
                      "handshakes and acknowledgements are made up.");
  append_text_option (out, SKT_PCAPNG_OPTION_SECTION_APPLICATION, SKT_PCAPNG_APPLICATION " " PACKAGE_VERSION);
  append_option (out, SKT_PCAPNG_OPTION_END, "", 0);
  end_block (out, start);

  start = begin_block (out, SKT_PCAPNG_BLOCK_INTERFACE);
  append_le_16 (out, SKT_LINKTYPE_RAW);
  append_le_16 (out, 0);
  append_le_32 (out, 0);
  append_text_option (out, SKT_PCAPNG_OPTION_INTERFACE_NAME, "socketeer");
  append_option (out, SKT_PCAPNG_OPTION_INTERFACE_RESOLUTION, &nanoseconds, sizeof nanoseconds);
  append_option (out, SKT_PCAPNG_OPTION_END, "", 0);
  end_block (out, start);
}

/* -- Headers ------------------------------------------------------------------------------------------------- */

/* The sum of RFC 1071, in the order of bytes that they have: it is the same in any. Pieces but the last are even. */
static guint64
sum_bytes (guint64 sum, const guint8 *bytes, gsize length)
{
  guint16 last = 0;

  for (; length >= 4; bytes += 4, length -= 4)
    {
      guint32 word;

      memcpy (&word, bytes, sizeof word);
      sum += word;
    }
  if (length >= 2)
    {
      memcpy (&last, bytes, 2);
      sum += last;
      bytes += 2;
      length -= 2;
    }
  if (length > 0)
    {
      last = 0;
      memcpy (&last, bytes, 1);
      sum += last;
    }
  return sum;
}

static void
put_sum (guint8 *at, guint64 sum)
{
  guint16 folded;

  while (sum >> 16 != 0)
    sum = (sum & 0xFFFF) + (sum >> 16);
  folded = ~(guint16) sum;
  memcpy (at, &folded, sizeof folded);
}

static guint8 *
put_ip4 (Writer *self, guint8 *at, const Flow *flow, From from, gsize length)
{
  guint8 *const start = at;

  at = put_16 (at, 0x4500);
  at = put_16 (at, IP4_HEADER + length);
  at = put_16 (at, self->ip_id++);
  at = put_16 (at, 0x4000); /* don't fragment */
  at = put_16 (at, 64 << 8 | 6);
  at = put_16 (at, 0);
  memcpy (at, flow->addresses[from].bytes, 4);
  memcpy (at + 4, flow->addresses[!from].bytes, 4);
  put_sum (start + 10, sum_bytes (0, start, IP4_HEADER));
  return at + 8;
}

static guint8 *
put_ip6 (guint8 *at, const Flow *flow, From from, gsize length)
{
  at = put_32 (at, 6u << 28);
  at = put_16 (at, length);
  at = put_16 (at, 6 << 8 | 64);
  memcpy (at, flow->addresses[from].bytes, 16);
  memcpy (at + 16, flow->addresses[!from].bytes, 16);
  return at + 32;
}

static guint64
sum_pseudo_header (const Flow *flow, gsize length)
{
  const gsize size = flow->is_ip6 ? 16 : 4;
  guint8 rest[8];
  guint64 sum = 0;

  put_32 (put_32 (rest, length), 6);
  sum = sum_bytes (sum, flow->addresses[0].bytes, size);
  sum = sum_bytes (sum, flow->addresses[1].bytes, size);
  return sum_bytes (sum, rest, sizeof rest);
}

/* Returns the length of the headers. */
static gsize
put_headers (Writer *self, guint8 *start, const Flow *flow, From from, guint flags, const guint8 *bytes, gsize length)
{
  const gsize tcp_header = TCP_HEADER + (flags & SKT_TCP_SYN ? TCP_OPTIONS : 0);
  guint8 *tcp, *at;

  if (flow->is_ip6)
    tcp = put_ip6 (start, flow, from, tcp_header + length);
  else
    tcp = put_ip4 (self, start, flow, from, tcp_header + length);
  at = put_16 (tcp, flow->addresses[from].port);
  at = put_16 (at, flow->addresses[!from].port);
  at = put_32 (at, flow->sequences[from]);
  at = put_32 (at, flags & SKT_TCP_ACK ? flow->sequences[!from] : 0);
  at = put_16 (at, tcp_header / 4 << 12 | flags);
  at = put_16 (at, 0xFFFF);
  at = put_32 (at, 0);
  if (flags & SKT_TCP_SYN)
    at = put_32 (put_32 (at, 0x02040000 | SEGMENT_SIZE), 0x03030001 | WINDOW_SHIFT << 8);
  put_sum (tcp + 16, sum_bytes (sum_bytes (sum_pseudo_header (flow, tcp_header + length), tcp, tcp_header), bytes,
                                length));
  return at - start;
}

static void
write_packet (Writer *self,
              Flow *flow,
              From from,
              guint flags,
              guint64 time_ns,
              const guint8 *bytes,
              gsize length,
              const char *comment)
{
  const guint32 direction = GUINT32_TO_LE (from == FROM_LOCAL ? SKT_PCAPNG_OUTBOUND : SKT_PCAPNG_INBOUND);
  guint8 headers[HEADERS_MAX];
  const gsize headers_length = put_headers (self, headers, flow, from, flags, bytes, length);
  const gsize start = begin_block (self->out, SKT_PCAPNG_BLOCK_PACKET);

  append_le_32 (self->out, 0);
  append_le_32 (self->out, time_ns >> 32);
  append_le_32 (self->out, time_ns);
  append_le_32 (self->out, headers_length + length);
  append_le_32 (self->out, headers_length + length);
  g_string_append_len (self->out, (const char *) headers, headers_length);
  g_string_append_len (self->out, (const char *) bytes, length);
  pad (self->out, headers_length + length);
  append_option (self->out, SKT_PCAPNG_OPTION_PACKET_FLAGS, &direction, sizeof direction);
  if (comment != NULL)
    append_text_option (self->out, SKT_PCAPNG_OPTION_COMMENT, comment);
  append_option (self->out, SKT_PCAPNG_OPTION_END, "", 0);
  end_block (self->out, start);
  flow->sequences[from] += length + (flags & (SKT_TCP_SYN | SKT_TCP_FIN) ? 1 : 0);
}

/* -- Connections --------------------------------------------------------------------------------------------- */

/* "127.0.0.1:7788", "[fe80::1%eth0]:7788". */
static GInetAddress *
parse_address (const char *text, guint16 *ret_port)
{
  const char *colon = strrchr (text, ':');
  g_autofree char *host = NULL;
  guint64 port;

  if (colon == NULL || !g_ascii_string_to_unsigned (colon + 1, 10, 0, G_MAXUINT16, &port, NULL))
    return NULL;
  host = g_strndup (text, colon - text);
  if (host[0] == '[' && g_str_has_suffix (host, "]"))
    {
      host[strlen (host) - 1] = '\0';
      memmove (host, host + 1, strlen (host));
    }
  if (strchr (host, '%') != NULL)
    *strchr (host, '%') = '\0';
  *ret_port = port;
  return g_inet_address_new_from_string (host);
}

static void
set_address (Flow *self, From from, GInetAddress *address, guint16 port)
{
  const guint8 *bytes = g_inet_address_to_bytes (address);
  guint8 *to = self->addresses[from].bytes;

  self->addresses[from].port = port;
  memset (to, 0, 16);
  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6)
    memcpy (to, bytes, 16);
  else if (!self->is_ip6)
    memcpy (to, bytes, 4);
  else
    {
      to[10] = to[11] = 0xFF;
      memcpy (to + 12, bytes, 4);
    }
}

/* Of the addresses that are for documentation (RFC 3849), another one for each connection. */
static void
make_up_addresses (Flow *self)
{
  static const guint8 prefix[] = { 0x20, 0x01, 0x0D, 0xB8 };

  self->is_ip6 = TRUE;
  for (guint i = 0; i < 2; i++)
    {
      memcpy (self->addresses[i].bytes, prefix, sizeof prefix);
      self->addresses[i].port = 1;
    }
  self->addresses[FROM_LOCAL].bytes[15] = 1;
  self->addresses[FROM_REMOTE].bytes[5] = 1;
  put_32 (self->addresses[FROM_REMOTE].bytes + 12, self->id);
}

static void
set_addresses (Writer *self, Flow *flow)
{
  const SktExportPeer *peer = _skt_export_get_peer (self->export, flow->id);
  g_autoptr (GInetAddress) local = NULL;
  g_autoptr (GInetAddress) remote = NULL;
  guint16 local_port = 0, remote_port = 0;

  if (peer != NULL)
    {
      local = parse_address (peer->local, &local_port);
      remote = parse_address (peer->remote, &remote_port);
    }
  flow->is_known = local != NULL && remote != NULL;
  if (!flow->is_known)
    {
      make_up_addresses (flow);
      return;
    }
  flow->is_ip6 = g_inet_address_get_family (local) == G_SOCKET_FAMILY_IPV6 ||
                 g_inet_address_get_family (remote) == G_SOCKET_FAMILY_IPV6;
  set_address (flow, FROM_LOCAL, local, local_port);
  set_address (flow, FROM_REMOTE, remote, remote_port);
}

static Flow *
ensure_flow (Writer *self, guint32 id)
{
  Flow *flow = g_hash_table_lookup (self->flows, GUINT_TO_POINTER (id));

  if (flow == NULL)
    {
      flow = g_new0 (Flow, 1);
      flow->id = id;
      g_hash_table_insert (self->flows, GUINT_TO_POINTER (id), flow);
    }
  return flow;
}

/* SYN, SYN-ACK and ACK, so that the stream is followed from its beginning: of the connection, or of what is exported. */
static void
begin_flow (Writer *self, Flow *flow, guint64 time_ns, gboolean is_earlier)
{
  const From opener = flow->is_opened_here ? FROM_LOCAL : FROM_REMOTE;
  g_autofree char *comment = NULL;

  if (flow->is_begun)
    return;
  flow->is_begun = TRUE;
  set_addresses (self, flow);
  for (guint i = 0; i < 2; i++)
    flow->sequences[i] = skt_pcapng_initial_sequence (flow->id) + (guint32) flow->offsets[i];
  comment = g_strdup_printf (SKT_PCAPNG_COMMENT_CONNECTION "%u%s%s", flow->id,
                             is_earlier ? SKT_PCAPNG_COMMENT_EARLIER : "",
                             flow->is_known ? "" : SKT_PCAPNG_COMMENT_UNKNOWN);
  write_packet (self, flow, opener, SKT_TCP_SYN, time_ns, NULL, 0, comment);
  write_packet (self, flow, !opener, SKT_TCP_SYN | SKT_TCP_ACK, time_ns, NULL, 0, NULL);
  write_packet (self, flow, opener, SKT_TCP_ACK, time_ns, NULL, 0, NULL);
}

/* Where the streams of connections that go on were at the first record. */
static void
note_earlier_cb (const SktRecord *record, gpointer data)
{
  Writer *self = data;
  Flow *flow;

  if (!_skt_export_wants_connection (self->export, record->connection))
    return;
  if (record->kind == SKT_RECORD_CLOSED)
    {
      g_hash_table_remove (self->flows, GUINT_TO_POINTER (record->connection));
      return;
    }
  flow = ensure_flow (self, record->connection);
  if (skt_record_is_data (record))
    flow->offsets[record->kind == SKT_RECORD_SENT] = record->stream_offset + record->length;
  else if (record->kind == SKT_RECORD_CONNECTING)
    flow->is_opened_here = TRUE;
}

/* -- Records ------------------------------------------------------------------------------------------------- */

static gboolean
write_data (Writer *self, const SktRecord *record, GError **error)
{
  Flow *flow = ensure_flow (self, record->connection);
  const From from = record->kind == SKT_RECORD_SENT ? FROM_LOCAL : FROM_REMOTE;
  const char *comment = record->flags & SKT_RECORD_FLAG_AUTOMATIC ? SKT_PCAPNG_COMMENT_ECHO
                        : record->flags & SKT_RECORD_FLAG_URGENT  ? SKT_PCAPNG_COMMENT_URGENT
                                                                  : NULL;
  const guint64 end = record->offset + record->length;
  guint64 offset = record->offset;

  if (!flow->is_begun)
    flow->offsets[from] = record->stream_offset;
  begin_flow (self, flow, record->time_ns, TRUE);
  flow->sequences[from] = skt_pcapng_initial_sequence (flow->id) + 1 + (guint32) record->stream_offset;
  while (offset < end)
    {
      gsize length;
      const guint8 *bytes = _skt_export_peek (self->export, offset, MIN (end - offset, SEGMENT_SIZE), &length, error);

      if (bytes == NULL)
        return FALSE;
      offset += length;
      write_packet (self, flow, from, SKT_TCP_ACK | (offset == end ? SKT_TCP_PSH : 0), record->time_ns, bytes, length,
                    offset == end ? comment : NULL);
      if (!_skt_export_turn (self->export, offset, error))
        return FALSE;
    }
  return TRUE;
}

static void
write_closed (Writer *self, Flow *flow, const SktRecord *record)
{
  g_autofree char *reason = skt_reason_to_text (record->reason, record->code);
  g_autofree char *tainted_duration = _skt_export_dup_detail (self->export, record);
  const char *duration = tainted_duration[strspn (tainted_duration, "0123456789.")] == '\0' ? tainted_duration : "";
  g_autofree char *comment = g_strdup_printf (SKT_PCAPNG_COMMENT_CONNECTION "%u" SKT_PCAPNG_COMMENT_CLOSED
                                              "reason %u, code %d, unsent %" G_GUINT64_FORMAT
                                              ", unacknowledged %u, flags %u%s%s (%s)",
                                              flow->id, record->reason, record->code, record->stream_offset,
                                              record->unacknowledged, record->flags, duration[0] != '\0' ? ", after " : "", duration,
                                              reason);

  begin_flow (self, flow, record->time_ns, TRUE);
  if (record->reason == SKT_REASON_LOCAL_CLOSED || record->reason == SKT_REASON_PEER_CLOSED)
    write_packet (self, flow, FROM_LOCAL, (flow->has_finished[FROM_LOCAL] ? 0 : SKT_TCP_FIN) | SKT_TCP_ACK, record->time_ns,
                  NULL, 0, comment);
  else
    write_packet (self, flow, record->reason == SKT_REASON_RESET ? FROM_REMOTE : FROM_LOCAL, SKT_TCP_RST | SKT_TCP_ACK,
                  record->time_ns, NULL, 0, comment);
  g_hash_table_remove (self->flows, GUINT_TO_POINTER (flow->id));
}

static void
write_event (Writer *self, const SktRecord *record)
{
  Flow *flow;

  if (record->connection == 0 || !_skt_export_wants_connection (self->export, record->connection))
    return;
  flow = ensure_flow (self, record->connection);
  if (record->kind == SKT_RECORD_CONNECTING)
    flow->is_opened_here = TRUE;
  else if (record->kind == SKT_RECORD_OPENED)
    {
      _skt_export_note_opened (self->export, record);
      begin_flow (self, flow, record->time_ns, FALSE);
    }
  else if (record->kind == SKT_RECORD_PEER_FINISHED && !flow->has_finished[FROM_REMOTE])
    {
      begin_flow (self, flow, record->time_ns, TRUE);
      flow->has_finished[FROM_REMOTE] = TRUE;
      write_packet (self, flow, FROM_REMOTE, SKT_TCP_FIN | SKT_TCP_ACK, record->time_ns, NULL, 0, NULL);
    }
  else if (record->kind == SKT_RECORD_FINISHED && !flow->has_finished[FROM_LOCAL])
    {
      begin_flow (self, flow, record->time_ns, TRUE);
      flow->has_finished[FROM_LOCAL] = TRUE;
      write_packet (self, flow, FROM_LOCAL, SKT_TCP_FIN | SKT_TCP_ACK, record->time_ns, NULL, 0, NULL);
    }
  else if (record->kind == SKT_RECORD_CLOSED)
    write_closed (self, flow, record);
}

gboolean
_skt_export_write_pcapng (SktExport *self, GError **error)
{
  g_autoptr (GHashTable) flows = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  Writer writer = { .export = self, .out = self->file->buffer, .flows = flows };

  write_section (writer.out);
  if (!_skt_export_note_earlier (self, note_earlier_cb, &writer, error))
    return FALSE;
  for (guint64 i = self->first_record; i < self->n_records; i++)
    {
      SktRecord record;

      if (!_skt_export_get_record (self, i, &record, error))
        return FALSE;
      if (_skt_export_wants_data (self, &record))
        {
          if (!write_data (&writer, &record, error))
            return FALSE;
        }
      else if (!skt_record_is_data (&record))
        write_event (&writer, &record);
      if (!_skt_export_turn (self, record.offset, error))
        return FALSE;
    }
  return TRUE;
}
