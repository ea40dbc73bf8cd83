/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-import-private.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

#include "skt-pcapng.h"

/* Connections in a capture. Each direction is a stream that is put into order by sequence numbers: what was sent again is
 * dropped, what comes early waits, and what never comes is noted. All that waits is bounded, over all connections too,
 * whatever the file says. */

#define MAX_FLOWS (128 * 1024)
#define MAX_WAITING_SEGMENTS 1024
#define MAX_WAITING (1024 * 1024)
#define MAX_JOINED (16 * 1024 * 1024)
#define MAX_ALL_WAITING (64 * 1024 * 1024)
#define ENDPOINT_SIZE 18

/* Both ends, the smaller one first. */
typedef struct
{
  guint8 ends[2][ENDPOINT_SIZE]; /* address and port */
} Key;

/* A segment that came before what goes before it. */
typedef struct
{
  guint64 time_ns;
  guint32 sequence;
  gboolean is_fin;
  gboolean is_push;
  gsize length;
  guint8 bytes[];
} Waiting;

/* One direction. */
typedef struct
{
  gboolean has_next;
  guint32 next;          /* sequence number */
  guint64 stream_offset; /* of it */
  gboolean has_finished;
  GQueue waiting;        /* Waiting, by sequence */
  gsize waiting_bytes;
  GByteArray *joined;    /* of ours: a record whose PSH has not come; NULL: none */
  guint64 joined_time_ns;
} Half;

typedef enum
{
  FLOW_CONNECTING,
  FLOW_OPEN,
  FLOW_CLOSED,
} FlowState;

typedef struct
{
  Key key;
  guint32 id;
  guint local;          /* which of the two ends is the one here */
  gboolean is_ip6;
  gboolean is_nameless; /* its addresses were made up */
  FlowState state;
  guint32 syn_sequence;
  Half halves[2];       /* by sender, in the order of the key */
} Flow;

struct _SktFlows
{
  SktJournal *journal;  /* borrowed */
  GHashTable *flows;    /* Flow.key → Flow */
  gboolean is_ours;
  guint32 last_id;
  guint n_closed;       /* of the flows */
  guint64 n_refused;
  gsize all_waiting;    /* bytes, in all halves */
};

/* -- Life ---------------------------------------------------------------------------------------------------- */

static guint
key_hash (gconstpointer data)
{
  const guint8 *bytes = data;
  guint hash = 5381;

  for (gsize i = 0; i < sizeof (Key); i++)
    hash = hash * 33 + bytes[i];
  return hash;
}

static gboolean
key_equal (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, sizeof (Key)) == 0;
}

static void
clear_waiting (SktFlows *self, Half *half)
{
  self->all_waiting -= half->waiting_bytes;
  half->waiting_bytes = 0;
  g_queue_clear_full (&half->waiting, g_free);
}

static void
clear_half (SktFlows *self, Half *half)
{
  if (half->joined != NULL)
    {
      self->all_waiting -= half->joined->len;
      g_clear_pointer (&half->joined, g_byte_array_unref);
    }
  clear_waiting (self, half);
}

static void
flow_free (gpointer data)
{
  Flow *self = data;

  for (guint i = 0; i < 2; i++)
    {
      g_clear_pointer (&self->halves[i].joined, g_byte_array_unref);
      g_queue_clear_full (&self->halves[i].waiting, g_free);
    }
  g_free (self);
}

SktFlows *
_skt_flows_new (SktJournal *journal)
{
  SktFlows *self = g_new0 (SktFlows, 1);

  self->journal = journal;
  self->flows = g_hash_table_new_full (key_hash, key_equal, NULL, flow_free);
  return self;
}

void
_skt_flows_free (SktFlows *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->flows);
  g_free (self);
}

void
_skt_flows_set_is_ours (SktFlows *self, gboolean is_ours)
{
  self->is_ours = is_ours;
}

guint64
_skt_flows_get_n_refused (SktFlows *self)
{
  return self->n_refused;
}

/* -- Records ------------------------------------------------------------------------------------------------- */

static gboolean
append (SktFlows *self, SktRecord record, const void *bytes, gsize length, GError **error)
{
  /* 0 would be now. */
  record.time_ns = MAX (record.time_ns, 1);
  return skt_journal_append (self->journal, &record, bytes, length, error);
}

static gboolean
append_event (SktFlows *self, const Flow *flow, SktRecordKind kind, guint64 time_ns, const char *detail,
              GError **error)
{
  return append (self, (SktRecord){ .kind = kind, .connection = flow->id, .time_ns = time_ns }, detail,
                 strlen (detail), error);
}

static gboolean
append_data (SktFlows *self, Flow *flow, guint from, guint64 time_ns, guint flags, const guint8 *bytes, gsize length,
             GError **error)
{
  Half *half = &flow->halves[from];
  const SktRecord record = {
    .kind = from == flow->local ? SKT_RECORD_SENT : SKT_RECORD_RECEIVED,
    .connection = flow->id,
    .time_ns = time_ns,
    .stream_offset = half->stream_offset,
    .flags = flags,
  };

  half->stream_offset += length;
  return append (self, record, bytes, length, error);
}

/* "127.0.0.1:7788", "[::1]:7788". */
static char *
dup_end (const Flow *flow, guint end)
{
  const guint8 *bytes = flow->key.ends[end];
  g_autoptr (GInetAddress) address =
    g_inet_address_new_from_bytes (bytes, flow->is_ip6 ? G_SOCKET_FAMILY_IPV6 : G_SOCKET_FAMILY_IPV4);
  g_autofree char *text = g_inet_address_to_string (address);

  return g_strdup_printf (flow->is_ip6 ? "[%s]:%u" : "%s:%u", text, bytes[16] << 8 | bytes[17]);
}

static void
set_closed (SktFlows *self, Flow *flow)
{
  flow->state = FLOW_CLOSED;
  self->n_closed++;
}

static gboolean
append_opened (SktFlows *self, Flow *flow, guint64 time_ns, GError **error)
{
  g_autofree char *local = NULL;
  g_autofree char *remote = NULL;
  g_autofree char *detail = NULL;

  flow->state = FLOW_OPEN;
  if (flow->is_nameless)
    return TRUE;
  local = dup_end (flow, flow->local);
  remote = dup_end (flow, !flow->local);
  detail = g_strdup_printf ("%s %s", local, remote);
  return append_event (self, flow, SKT_RECORD_OPENED, time_ns, detail, error);
}

static gboolean
append_failed (SktFlows *self, Flow *flow, guint64 time_ns, GError **error)
{
  g_autofree char *remote = dup_end (flow, !flow->local);
  const SktRecord record = {
    .kind = SKT_RECORD_FAILED,
    .connection = flow->id,
    .time_ns = time_ns,
    .reason = SKT_REASON_REFUSED,
    .code = ECONNREFUSED,
  };

  set_closed (self, flow);
  return append (self, record, remote, strlen (remote), error);
}

/* -- Streams ------------------------------------------------------------------------------------------------- */

static gboolean
append_joined (SktFlows *self, Flow *flow, guint from, guint flags, GError **error)
{
  Half *half = &flow->halves[from];
  g_autoptr (GByteArray) joined = g_steal_pointer (&half->joined);

  if (joined == NULL)
    return TRUE;
  self->all_waiting -= joined->len;
  return append_data (self, flow, from, half->joined_time_ns, flags, joined->data, joined->len, error);
}

/* Bytes in their order. Of ours a record ends with PSH, of others with each segment. */
static gboolean
deliver (SktFlows *self, Flow *flow, guint from, guint64 time_ns, gboolean is_push, guint flags, const guint8 *bytes,
         gsize length, GError **error)
{
  Half *half = &flow->halves[from];

  half->next += length;
  if (length == 0)
    return TRUE;
  if (!self->is_ours || (is_push && half->joined == NULL))
    return append_data (self, flow, from, time_ns, flags, bytes, length, error);
  if (half->joined == NULL)
    {
      half->joined = g_byte_array_new ();
      half->joined_time_ns = time_ns;
    }
  g_byte_array_append (half->joined, bytes, length);
  self->all_waiting += length;
  if (is_push || half->joined->len >= MAX_JOINED || self->all_waiting > MAX_ALL_WAITING)
    return append_joined (self, flow, from, flags, error);
  return TRUE;
}

/* What goes before the first that waits never came. */
static gboolean
leave_gap (SktFlows *self, Flow *flow, guint from, guint64 time_ns, GError **error)
{
  Half *half = &flow->halves[from];
  const Waiting *first = g_queue_peek_head (&half->waiting);
  const guint32 missing = first->sequence - half->next;
  g_autofree char *number = g_strdup_printf ("%u", missing);
  g_autofree char *sentence = NULL;

  if ((gint32) missing <= 0)
    return TRUE;
  if (from == flow->local)
    sentence = g_strdup_printf (ngettext ("%s sent byte is missing here: it was not captured",
                                          "%s sent bytes are missing here: they were not captured", missing), number);
  else
    sentence = g_strdup_printf (ngettext ("%s received byte is missing here: it was not captured",
                                          "%s received bytes are missing here: they were not captured", missing),
                                number);
  if (!append_joined (self, flow, from, 0, error) ||
      !append_event (self, flow, SKT_RECORD_NOTE, time_ns, sentence, error))
    return FALSE;
  half->next = first->sequence;
  half->stream_offset += missing;
  return TRUE;
}

/* `end`: reason, code and what else is known; `detail` may be "". */
static gboolean
close_flow_as (SktFlows *self, Flow *flow, guint64 time_ns, const SktRecord *end, const char *detail, GError **error)
{
  SktRecord record = *end;

  record.kind = SKT_RECORD_CLOSED;
  record.connection = flow->id;
  record.time_ns = time_ns;
  for (guint i = 0; i < 2; i++)
    {
      if (!append_joined (self, flow, i, 0, error))
        return FALSE;
      clear_half (self, &flow->halves[i]);
    }
  set_closed (self, flow);
  return append (self, record, (const guint8 *) detail, strlen (detail), error);
}

static gboolean
close_flow (SktFlows *self, Flow *flow, guint64 time_ns, SktReason reason, int code, GError **error)
{
  return close_flow_as (self, flow, time_ns, &(SktRecord){ .reason = reason, .code = code }, "", error);
}

static gboolean
take_fin (SktFlows *self, Flow *flow, guint from, guint64 time_ns, GError **error)
{
  Half *half = &flow->halves[from];

  if (half->has_finished || flow->state == FLOW_CLOSED)
    return TRUE;
  half->has_finished = TRUE;
  half->next++;
  /* Nothing can come after it. */
  clear_waiting (self, half);
  if (!append_joined (self, flow, from, 0, error))
    return FALSE;
  if (!append_event (self, flow, from != flow->local ? SKT_RECORD_PEER_FINISHED : SKT_RECORD_FINISHED, time_ns, "", error))
    return FALSE;
  /* In what this program wrote a comment says how it ended. */
  if (!flow->halves[!from].has_finished || self->is_ours)
    return TRUE;
  /* The second FIN: who sent the first one closed it. */
  return close_flow (self, flow, time_ns, from == flow->local ? SKT_REASON_PEER_CLOSED : SKT_REASON_LOCAL_CLOSED, 0, error);
}

/* What waits and is now due. */
static gboolean
take_waiting (SktFlows *self, Flow *flow, guint from, GError **error)
{
  Half *half = &flow->halves[from];

  while (flow->state != FLOW_CLOSED && !g_queue_is_empty (&half->waiting))
    {
      const Waiting *first = g_queue_peek_head (&half->waiting);
      g_autofree Waiting *taken = NULL;
      gsize known;

      if ((gint32) (first->sequence - half->next) > 0)
        break;
      taken = g_queue_pop_head (&half->waiting);
      half->waiting_bytes -= taken->length;
      self->all_waiting -= taken->length;
      known = (guint32) (half->next - taken->sequence);
      if (known > taken->length)
        continue;
      if (!deliver (self, flow, from, taken->time_ns, taken->is_push, 0, taken->bytes + known, taken->length - known,
                    error))
        return FALSE;
      if (taken->is_fin && !take_fin (self, flow, from, taken->time_ns, error))
        return FALSE;
    }
  return TRUE;
}

/* Gives up waiting for what goes before: up to `n` times, or until nothing waits. */
static gboolean
give_up (SktFlows *self, Flow *flow, guint from, guint64 time_ns, guint n, GError **error)
{
  Half *half = &flow->halves[from];

  for (; n > 0 && flow->state != FLOW_CLOSED && !g_queue_is_empty (&half->waiting); n--)
    if (!leave_gap (self, flow, from, time_ns, error) || !take_waiting (self, flow, from, error))
      return FALSE;
  return TRUE;
}

static gboolean
wait_for_earlier (SktFlows *self, Flow *flow, guint from, const SktSegment *segment, GError **error)
{
  Half *half = &flow->halves[from];
  Waiting *waiting = g_malloc (sizeof (Waiting) + segment->length);
  GList *after;

  waiting->time_ns = segment->time_ns;
  waiting->sequence = segment->sequence;
  waiting->is_fin = (segment->flags & SKT_TCP_FIN) != 0;
  waiting->is_push = (segment->flags & SKT_TCP_PSH) != 0;
  waiting->length = segment->length;
  if (segment->length > 0)
    memcpy (waiting->bytes, segment->bytes, segment->length);
  for (after = half->waiting.tail; after != NULL; after = after->prev)
    if ((gint32) (((const Waiting *) after->data)->sequence - waiting->sequence) <= 0)
      break;
  if (after != NULL)
    g_queue_insert_after (&half->waiting, after, waiting);
  else
    g_queue_push_head (&half->waiting, waiting);
  half->waiting_bytes += waiting->length;
  self->all_waiting += waiting->length;
  if (half->waiting_bytes <= MAX_WAITING && half->waiting.length <= MAX_WAITING_SEGMENTS &&
      self->all_waiting <= MAX_ALL_WAITING)
    return TRUE;
  return give_up (self, flow, from, segment->time_ns, 1, error);
}

static gboolean
take_data (SktFlows *self, Flow *flow, guint from, const SktSegment *segment, guint flags, GError **error)
{
  Half *half = &flow->halves[from];
  const gboolean is_fin = (segment->flags & SKT_TCP_FIN) != 0;
  gint32 ahead;
  gsize known;

  if ((segment->length == 0 && !is_fin) || half->has_finished)
    return TRUE;
  if (!half->has_next)
    {
      half->has_next = TRUE;
      half->next = segment->sequence;
    }
  ahead = (gint32) (segment->sequence - half->next);
  if (ahead > 0)
    return wait_for_earlier (self, flow, from, segment, error);
  known = (guint32) (half->next - segment->sequence);
  if (known > segment->length || (known == segment->length && !is_fin))
    return TRUE;
  if (!deliver (self, flow, from, segment->time_ns, (segment->flags & SKT_TCP_PSH) != 0, flags,
                segment->bytes + known, segment->length - known, error))
    return FALSE;
  /* Of what was cut off it is not known where the end is. */
  if (is_fin && !segment->is_cut && !take_fin (self, flow, from, segment->time_ns, error))
    return FALSE;
  return take_waiting (self, flow, from, error);
}

/* The receiver has got what is missing in the capture: it will not come. */
static gboolean
take_acknowledgement (SktFlows *self, Flow *flow, guint from, const SktSegment *segment, GError **error)
{
  Half *other = &flow->halves[!from];

  while (flow->state != FLOW_CLOSED && (segment->flags & SKT_TCP_ACK) && !g_queue_is_empty (&other->waiting))
    {
      const Waiting *first = g_queue_peek_head (&other->waiting);

      if ((gint32) (segment->acknowledgement - first->sequence) <= 0)
        break;
      if (!give_up (self, flow, !from, segment->time_ns, 1, error))
        return FALSE;
    }
  return TRUE;
}

/* -- Connections --------------------------------------------------------------------------------------------- */

static void
make_key (const SktSegment *segment, Key *ret_key, guint *ret_from)
{
  guint8 ends[2][ENDPOINT_SIZE];

  for (guint i = 0; i < 2; i++)
    {
      memcpy (ends[i], segment->addresses[i], 16);
      ends[i][16] = segment->ports[i] >> 8;
      ends[i][17] = segment->ports[i] & 0xFF;
    }
  *ret_from = memcmp (ends[0], ends[1], ENDPOINT_SIZE) <= 0 ? 0 : 1;
  memcpy (ret_key->ends[*ret_from], ends[0], ENDPOINT_SIZE);
  memcpy (ret_key->ends[!*ret_from], ends[1], ENDPOINT_SIZE);
}

/* Here is the end that the capture says; else the one that connects; else the one that is first heard of. */
static guint
choose_local (const SktSegment *segment, guint from)
{
  if (segment->direction == SKT_PCAPNG_INBOUND)
    return !from;
  if (segment->direction == SKT_PCAPNG_OUTBOUND)
    return from;
  return (segment->flags & (SKT_TCP_SYN | SKT_TCP_ACK)) == (SKT_TCP_SYN | SKT_TCP_ACK) ? !from : from;
}

/* What the comment of a SYN of ours tells: the number of the connection, and where its streams were. */
static void
read_connection_comment (Flow *flow, const SktSegment *segment)
{
  guint id;

  if (segment->comment == NULL || sscanf (segment->comment, SKT_PCAPNG_COMMENT_CONNECTION "%u", &id) != 1)
    return;
  flow->id = id;
  flow->is_nameless = strstr (segment->comment, SKT_PCAPNG_COMMENT_UNKNOWN) != NULL;
}

static gboolean
is_closed_cb (gpointer key, gpointer value, gpointer data)
{
  return ((Flow *) value)->state == FLOW_CLOSED;
}

/* NULL if there are too many at a time. */
static Flow *
add_flow (SktFlows *self, const Key *key, const SktSegment *segment, guint from)
{
  Flow *flow;

  /* Not for a few each time. */
  if (g_hash_table_size (self->flows) >= MAX_FLOWS && self->n_closed >= MAX_FLOWS / 16)
    self->n_closed -= g_hash_table_foreach_remove (self->flows, is_closed_cb, NULL);
  if (g_hash_table_size (self->flows) >= MAX_FLOWS)
    return NULL;
  flow = g_new0 (Flow, 1);
  flow->key = *key;
  flow->id = self->last_id + 1;
  flow->is_ip6 = segment->is_ip6;
  flow->local = choose_local (segment, from);
  if (self->is_ours && (segment->flags & SKT_TCP_SYN))
    read_connection_comment (flow, segment);
  self->last_id = MAX (self->last_id, flow->id);
  g_hash_table_replace (self->flows, &flow->key, flow);
  return flow;
}

static gboolean
take_syn (SktFlows *self, Flow *flow, guint from, const SktSegment *segment, GError **error)
{
  Half *half = &flow->halves[from];
  const gboolean is_first = !half->has_next;

  if (is_first)
    {
      half->has_next = TRUE;
      half->next = segment->sequence + 1;
      if (self->is_ours)
        half->stream_offset = segment->sequence - skt_pcapng_initial_sequence (flow->id);
    }
  if (segment->flags & SKT_TCP_ACK)
    return flow->state != FLOW_CONNECTING || append_opened (self, flow, segment->time_ns, error);
  flow->syn_sequence = segment->sequence;
  if (is_first && from == flow->local && !flow->is_nameless &&
      (segment->comment == NULL || strstr (segment->comment, SKT_PCAPNG_COMMENT_EARLIER) == NULL))
    {
      g_autofree char *remote = dup_end (flow, !flow->local);

      return append_event (self, flow, SKT_RECORD_CONNECTING, segment->time_ns, remote, error);
    }
  return TRUE;
}

static gboolean
take_rst (SktFlows *self, Flow *flow, guint from, const SktSegment *segment, GError **error)
{
  if (flow->state == FLOW_CONNECTING)
    return append_failed (self, flow, segment->time_ns, error);
  for (guint i = 0; i < 2; i++)
    if (!give_up (self, flow, i, segment->time_ns, G_MAXUINT, error))
      return FALSE;
  if (flow->state == FLOW_CLOSED)
    return TRUE;
  return close_flow (self, flow, segment->time_ns, from == flow->local ? SKT_REASON_LOCAL_RESET : SKT_REASON_RESET,
                     from == flow->local ? 0 : ECONNRESET, error);
}

/* The end of a connection in a file of ours. */
static gboolean
read_closed_comment (const SktSegment *segment, SktRecord *ret_end, char detail[32])
{
  unsigned long long unsent;
  guint id, reason, unacknowledged = 0, flags = 0;
  int code;

  detail[0] = '\0';
  if (segment->comment == NULL ||
      sscanf (segment->comment, SKT_PCAPNG_COMMENT_CONNECTION "%u" SKT_PCAPNG_COMMENT_CLOSED
              "reason %u, code %d, unsent %llu, unacknowledged %u, flags %u, after %31[0-9.]", &id, &reason, &code,
              &unsent, &unacknowledged, &flags, detail) < 4 ||
      reason >= SKT_N_REASONS)
    return FALSE;
  *ret_end = (SktRecord){
    .reason = reason,
    .code = code,
    .stream_offset = unsent,
    .unacknowledged = unacknowledged,
    .flags = flags & (SKT_RECORD_FLAG_LOCAL_FIRST | SKT_RECORD_FLAG_PEER_FIRST),
  };
  return TRUE;
}

/* A SYN that begins another connection between the same two ports. */
static gboolean
is_new (const Flow *flow, const SktSegment *segment)
{
  return (segment->flags & (SKT_TCP_SYN | SKT_TCP_ACK)) == SKT_TCP_SYN &&
         (flow->state == FLOW_CLOSED || segment->sequence != flow->syn_sequence);
}

static Flow *
find_flow (SktFlows *self, const SktSegment *segment, guint *ret_from, GError **error)
{
  Flow *flow;
  Key key;

  make_key (segment, &key, ret_from);
  flow = g_hash_table_lookup (self->flows, &key);
  if (flow != NULL && is_new (flow, segment))
    {
      for (guint i = 0; i < 2; i++)
        {
          if (!give_up (self, flow, i, segment->time_ns, G_MAXUINT, error) ||
              !append_joined (self, flow, i, 0, error))
            return NULL;
          clear_half (self, &flow->halves[i]);
        }
      if (flow->state == FLOW_CLOSED)
        self->n_closed--;
      g_hash_table_remove (self->flows, &key);
      flow = NULL;
    }
  if (flow != NULL)
    return flow;
  /* A lone acknowledgement, or the end of something that is not known, tells nothing. */
  if (!(segment->flags & SKT_TCP_SYN) && segment->length == 0)
    return NULL;
  flow = add_flow (self, &key, segment, *ret_from);
  if (flow == NULL)
    self->n_refused++;
  return flow;
}

gboolean
_skt_flows_take (SktFlows *self, const SktSegment *segment, GError **error)
{
  GError *local_error = NULL;
  guint from, flags = 0;
  SktRecord end;
  char detail[32];
  Flow *flow = find_flow (self, segment, &from, &local_error);

  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return FALSE;
    }
  if (flow == NULL || flow->state == FLOW_CLOSED)
    return TRUE;
  if (segment->flags & SKT_TCP_SYN)
    return take_syn (self, flow, from, segment, error);
  if (self->is_ours && read_closed_comment (segment, &end, detail))
    return close_flow_as (self, flow, segment->time_ns, &end, detail, error);
  if (segment->flags & SKT_TCP_RST)
    return take_rst (self, flow, from, segment, error);
  if (flow->state == FLOW_CONNECTING && !append_opened (self, flow, segment->time_ns, error))
    return FALSE;
  if (self->is_ours && g_strcmp0 (segment->comment, SKT_PCAPNG_COMMENT_ECHO) == 0)
    flags = SKT_RECORD_FLAG_AUTOMATIC;
  else if (self->is_ours && g_strcmp0 (segment->comment, SKT_PCAPNG_COMMENT_URGENT) == 0)
    flags = SKT_RECORD_FLAG_URGENT;
  return take_data (self, flow, from, segment, flags, error) &&
         take_acknowledgement (self, flow, from, segment, error);
}

static int
compare_flows (gconstpointer a, gconstpointer b)
{
  const Flow *first = *(const Flow *const *) a, *second = *(const Flow *const *) b;

  if (first->id != second->id)
    return first->id < second->id ? -1 : 1;
  return memcmp (&first->key, &second->key, sizeof (Key));
}

/* In the order of their numbers: the same file gives the same journal. */
gboolean
_skt_flows_finish (SktFlows *self, GError **error)
{
  g_autoptr (GPtrArray) flows = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->flows);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_ptr_array_add (flows, value);
  g_ptr_array_sort (flows, compare_flows);
  for (guint i = 0; i < flows->len; i++)
    for (guint from = 0; from < 2; from++)
      {
        Flow *flow = g_ptr_array_index (flows, i);
        const Waiting *last = g_queue_peek_tail (&flow->halves[from].waiting);

        if ((last != NULL && !give_up (self, flow, from, last->time_ns, G_MAXUINT, error)) ||
            !append_joined (self, flow, from, 0, error))
          return FALSE;
      }
  return TRUE;
}
