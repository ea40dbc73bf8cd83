/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-export-private.h"

#include <string.h>

#define DETAIL_MAX 1024

/* As the view shows it. */
static void
append_control (GString *out, guchar c)
{
  switch (c)
    {
    case '\0':
      g_string_append (out, "\\0");
      break;
    case '\t':
      g_string_append (out, "\\t");
      break;
    case '\n':
      g_string_append (out, "\\n");
      break;
    case '\r':
      g_string_append (out, "\\r");
      break;
    default:
      g_string_append_printf (out, "\\x%02X", c);
    }
}

void
_skt_export_append_safe (GString *out, const char *text, gsize length)
{
  const char *end = text + length;
  const char *start = text;

  for (const char *p = text; p < end; p++)
    {
      const guchar c = *p;

      if ((c >= 0x20 && c < 0x7F) || (c >= 0x80 && c != 0xC2))
        continue;
      if (c == 0xC2 && (p + 1 == end || (guchar) p[1] >= 0xA0))
        continue;
      g_string_append_len (out, start, p - start);
      if (c == 0xC2)
        g_string_append_printf (out, "\\u%04X", (guchar) *++p);
      else
        append_control (out, c);
      start = p + 1;
    }
  g_string_append_len (out, start, end - start);
}

char *
_skt_export_dup_detail (SktExport *self, const SktRecord *record)
{
  gsize length = 0;
  const guint8 *tainted = skt_journal_reader_peek_payload (self->reader, record->offset,
                                                           MIN (record->length, DETAIL_MAX), &length);

  return g_strndup (tainted != NULL ? (const char *) tainted : "", length);
}

static void
peer_free (gpointer data)
{
  SktExportPeer *self = data;

  g_free (self->local);
  g_free (self->remote);
  g_free (self);
}

static char *
dup_safe (const char *tainted_text, gssize length)
{
  g_autofree char *valid = g_utf8_make_valid (tainted_text, length);
  GString *safe = g_string_new (NULL);

  _skt_export_append_safe (safe, valid, strlen (valid));
  return g_string_free (safe, FALSE);
}

/* From "local remote". */
static gboolean
note_peer (SktExport *self, guint32 connection, const char *tainted_detail)
{
  const char *space = strchr (tainted_detail, ' ');
  SktExportPeer *peer;

  if (space == NULL || space[1] == '\0')
    return FALSE;
  peer = g_new0 (SktExportPeer, 1);
  peer->local = dup_safe (tainted_detail, space - tainted_detail);
  peer->remote = dup_safe (space + 1, -1);
  if (self->peers == NULL)
    self->peers = g_hash_table_new_full (NULL, NULL, NULL, peer_free);
  g_hash_table_replace (self->peers, GUINT_TO_POINTER (connection), peer);
  return TRUE;
}

/* If the payload was given back to the disk there are zeros in it. */
void
_skt_export_note_opened (SktExport *self, const SktRecord *record)
{
  g_autofree char *tainted_detail = _skt_export_dup_detail (self, record);
  const char *known;

  if (strlen (tainted_detail) == MIN (record->length, DETAIL_MAX) &&
      note_peer (self, record->connection, tainted_detail))
    return;
  known = self->addresses != NULL
            ? g_hash_table_lookup (self->addresses, GUINT_TO_POINTER (record->connection)) : NULL;
  if (known != NULL)
    note_peer (self, record->connection, known);
}

gboolean
_skt_export_note_earlier (SktExport *self,
                          void (*each) (const SktRecord *record, gpointer data),
                          gpointer data,
                          GError **error)
{
  for (guint64 i = 0; i < self->first_record; i++)
    {
      SktRecord record;

      if (skt_journal_reader_get_record (self->reader, i, &record))
        {
          if (record.kind == SKT_RECORD_OPENED)
            _skt_export_note_opened (self, &record);
          if (each != NULL)
            each (&record, data);
        }
      if (!_skt_export_turn (self, self->start, error))
        return FALSE;
    }
  return TRUE;
}

const SktExportPeer *
_skt_export_get_peer (const SktExport *self, guint32 connection)
{
  return self->peers != NULL ? g_hash_table_lookup (self->peers, GUINT_TO_POINTER (connection)) : NULL;
}
