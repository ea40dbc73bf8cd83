/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-event-list.h"

#include "skt-record-text.h"
#include "skt-tcp-state.h"

/* How often it is looked whether to stop. */
#define SLICE 4096
#define MAX_DETAIL 4096

void
skt_event_free (SktEvent *self)
{
  g_free (self->detail);
  g_free (self);
}

static char *
dup_detail (SktJournalReader *reader, const SktRecord *record)
{
  gsize length;
  const guint8 *bytes = NULL;

  if (record->length > 0)
    bytes = skt_journal_reader_peek_payload (reader, record->offset, MIN (record->length, MAX_DETAIL), &length);
  return bytes != NULL ? g_strndup ((const char *) bytes, length) : NULL;
}

static void
reverse (GPtrArray *events)
{
  for (guint i = 0; i < events->len / 2; i++)
    {
      gpointer other = events->pdata[i];

      events->pdata[i] = events->pdata[events->len - 1 - i];
      events->pdata[events->len - 1 - i] = other;
    }
}

GPtrArray *
skt_event_list_new (SktJournalReader *reader, guint64 first, guint64 end, guint max, GCancellable *cancellable)
{
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func ((GDestroyNotify) skt_event_free);

  g_return_val_if_fail (reader != NULL, NULL);

  for (guint64 i = end; i > first && events->len < max; i--)
    {
      SktRecord record;
      SktEvent *event;

      if (i % SLICE == 0 && g_cancellable_is_cancelled (cancellable))
        return NULL;
      if (!skt_journal_reader_get_record (reader, i - 1, &record) || skt_record_is_data (&record))
        continue;
      event = g_new (SktEvent, 1);
      event->index = i - 1;
      event->record = record;
      event->detail = dup_detail (reader, &record);
      g_ptr_array_add (events, event);
    }
  reverse (events);
  return g_steal_pointer (&events);
}

/* -- As text -------------------------------------------------------------------------------------------------- */

static char *
dup_time (guint64 time_ns)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (time_ns / G_GUINT64_CONSTANT (1000000000));
  g_autofree char *seconds = time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M:%S") : NULL;

  if (seconds == NULL)
    return g_strdup ("?");
  return g_strdup_printf ("%s.%06u", seconds, (guint) (time_ns % G_GUINT64_CONSTANT (1000000000) / 1000));
}

/* The state that begins with the event, where that can be told from it alone. */
static SktTcpState
get_state (const SktRecord *record)
{
  switch ((guint) record->kind)
    {
    case SKT_RECORD_CONNECTING:
      return SKT_TCP_STATE_SYN_SENT;
    case SKT_RECORD_OPENED:
      return SKT_TCP_STATE_ESTABLISHED;
    case SKT_RECORD_LISTENING:
      return SKT_TCP_STATE_LISTEN;
    default:
      return SKT_TCP_STATE_UNKNOWN;
    }
}

char *
skt_event_to_line (const SktEvent *self, const char *peer, gsize *ret_time_length)
{
  g_autofree char *time = dup_time (self->record.time_ns);
  g_autofree char *sentence = skt_record_to_text (&self->record, self->detail, self->detail != NULL ? -1 : 0);
  SktTcpState state = get_state (&self->record);
  GString *line = g_string_new (time);

  g_string_append_c (line, ' ');
  if (ret_time_length != NULL)
    *ret_time_length = strlen (time);
  if (peer != NULL)
    g_string_append_printf (line, "%s: ", peer);
  g_string_append (line, sentence);
  if (state != SKT_TCP_STATE_UNKNOWN)
    g_string_append_printf (line, " (%s)", skt_tcp_state_get_name (state));
  return g_string_free (line, FALSE);
}
