/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-message.h"

#include "skt-encoding-private.h"
#include "skt-error.h"
#include "skt-hex.h"
#include "skt-message-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _SktMessage
{
  gatomicrefcount ref_count;
  SktMessageSettings settings;
  char *source;
  SktMessageProgram program;
  GBytes *bytes;        /* of a constant one; else NULL */
};

G_DEFINE_BOXED_TYPE (SktMessage, skt_message, skt_message_ref, skt_message_unref)

/* -- The program --------------------------------------------------------------------------------------------- */

void
_skt_message_program_append (SktMessageProgram *self, const guint8 *bytes, gsize length)
{
  SktMessagePart *last = NULL;

  if (length == 0)
    return;
  if (self->parts->len > 0)
    last = &g_array_index (self->parts, SktMessagePart, self->parts->len - 1);
  if (last == NULL || last->kind != SKT_PART_LITERAL)
    {
      SktMessagePart part = { .kind = SKT_PART_LITERAL, .offset = self->literals->len };

      g_array_append_val (self->parts, part);
      last = &g_array_index (self->parts, SktMessagePart, self->parts->len - 1);
    }
  g_byte_array_append (self->literals, bytes, length);
  last->length += length;
}

static void
clear_program (SktMessageProgram *self)
{
  g_clear_pointer (&self->literals, g_byte_array_unref);
  g_clear_pointer (&self->parts, g_array_unref);
}

/* Whether any part changes from one sending to the next, and whether its length can only be known then. */
static void
look_through (const SktMessageProgram *self, gboolean *ret_is_constant, gboolean *ret_is_open)
{
  *ret_is_constant = TRUE;
  *ret_is_open = FALSE;
  for (guint i = 0; i < self->parts->len; i++)
    {
      SktPartKind kind = g_array_index (self->parts, SktMessagePart, i).kind;

      if (kind != SKT_PART_LITERAL && kind != SKT_PART_CRC)
        *ret_is_constant = FALSE;
      if (kind == SKT_PART_RECEIVED || kind == SKT_PART_GROUP)
        *ret_is_open = TRUE;
    }
}

char *
_skt_message_dup_name (const char *place)
{
  if (*place == '\0')
    return g_strdup (_ ("The end"));
  return _skt_dup_character_name (place, place + strlen (place));
}

void
_skt_message_set_error (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_propagate_error (error, g_error_new_valist (SKT_ERROR, SKT_ERROR_BAD_MESSAGE, format, args));
  va_end (args);
}

gsize
_skt_message_get_position (const char *first, const char *place)
{
  return g_utf8_pointer_to_offset (first, place);
}

/* -- The message --------------------------------------------------------------------------------------------- */

static gboolean
compile (SktMessage *self, gsize *ret_position, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  if (self->settings.form == SKT_MESSAGE_TEXT)
    return _skt_message_compile_text (&self->program, &self->settings, ret_position, error);
  if (self->settings.form == SKT_MESSAGE_HEX)
    return _skt_message_compile_hex (&self->program, &self->settings, ret_position, error);
  bytes = _skt_message_read_base64 (self->source, ret_position, error);
  if (bytes == NULL)
    return FALSE;
  _skt_message_program_append (&self->program, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return TRUE;
}

static GBytes *
expand (const SktMessage *self, const SktMessageContext *context, GError **error)
{
  g_autoptr (GByteArray) bytes = _skt_message_program_run (&self->program, context, error);

  if (bytes == NULL || (self->settings.has_checksum && !_skt_message_add_checksum (&self->settings, bytes, error)))
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

static gboolean
check_utf8 (const char *tainted_source, gsize *ret_position, GError **error)
{
  const char *end;

  if (g_utf8_validate (tainted_source, -1, &end))
    return TRUE;
  *ret_position = g_utf8_strlen (tainted_source, end - tainted_source);
  g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_MESSAGE,
               _ ("What is at position %zu is no text in UTF-8: write such bytes as hex or as escapes"), *ret_position + 1);
  return FALSE;
}

/* What is wrong with ranges is told now if that is known now. */
static gboolean
try_out (SktMessage *self, gsize *ret_position, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  gboolean is_constant, is_open;

  look_through (&self->program, &is_constant, &is_open);
  if (is_open)
    return TRUE;
  bytes = expand (self, NULL, error);
  if (bytes == NULL)
    {
      *ret_position = g_utf8_strlen (self->source, -1);
      return FALSE;
    }
  if (is_constant)
    self->bytes = g_steal_pointer (&bytes);
  return TRUE;
}

SktMessage *
skt_message_new (const SktMessageSettings *settings, gsize *ret_position, GError **error)
{
  g_autoptr (SktMessage) self = NULL;
  gsize position = 0;

  g_return_val_if_fail (settings != NULL && settings->source != NULL, NULL);
  g_return_val_if_fail (settings->form < SKT_N_MESSAGE_FORMS && settings->encoding < SKT_N_ENCODINGS, NULL);
  g_return_val_if_fail (settings->ending < SKT_N_LINE_ENDINGS && settings->checksum < SKT_N_CHECKSUMS, NULL);

  self = g_new0 (SktMessage, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->settings = *settings;
  self->settings.source = self->source = g_strdup (settings->source);
  self->program.literals = g_byte_array_new ();
  self->program.parts = g_array_new (FALSE, FALSE, sizeof (SktMessagePart));
  self->program.encoding = settings->form == SKT_MESSAGE_TEXT ? settings->encoding : SKT_ENCODING_UTF_8;

  if (check_utf8 (self->source, &position, error) && compile (self, &position, error) && try_out (self, &position, error))
    return g_steal_pointer (&self);
  if (ret_position != NULL)
    *ret_position = position;
  return NULL;
}

SktMessage *
skt_message_new_from_bytes (GBytes *bytes)
{
  SktMessageSettings settings = { .form = SKT_MESSAGE_HEX };

  g_return_val_if_fail (bytes != NULL, NULL);
  return skt_message_new_in_form (&settings, bytes);
}

SktMessage *
skt_message_ref (SktMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
skt_message_unref (SktMessage *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->source);
  clear_program (&self->program);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self);
}

const SktMessageSettings *
skt_message_get_settings (const SktMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return &self->settings;
}

gboolean
skt_message_is_constant (const SktMessage *self)
{
  g_return_val_if_fail (self != NULL, TRUE);
  return self->bytes != NULL;
}

gboolean
skt_message_has_placeholder (const SktMessage *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  for (guint i = 0; i < self->program.parts->len; i++)
    if (g_array_index (self->program.parts, SktMessagePart, i).kind != SKT_PART_LITERAL)
      return TRUE;
  return FALSE;
}

guint
skt_message_get_last_group (const SktMessage *self)
{
  guint last = 0;

  g_return_val_if_fail (self != NULL, 0);

  for (guint i = 0; i < self->program.parts->len; i++)
    {
      const SktMessagePart *part = &g_array_index (self->program.parts, SktMessagePart, i);

      if (part->kind == SKT_PART_GROUP)
        last = MAX (last, part->count);
    }
  return last;
}

const char *
skt_message_get_note (const SktMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->program.note;
}

GBytes *
skt_message_expand (const SktMessage *self, const SktMessageContext *context, GError **error)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->bytes != NULL)
    return g_bytes_ref (self->bytes);
  return expand (self, context, error);
}
