/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-message.h"

#include "skt-error.h"
#include "skt-hex.h"

#include <glib/gi18n-lib.h>

struct _SktMessage
{
  gatomicrefcount ref_count;
  SktMessageSettings settings;
  char *source;
  GBytes *bytes;
};

G_DEFINE_BOXED_TYPE (SktMessage, skt_message, skt_message_ref, skt_message_unref)

SktMessage *
skt_message_new (const SktMessageSettings *settings, gsize *ret_position, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  SktMessage *self;

  g_return_val_if_fail (settings != NULL && settings->source != NULL, NULL);

  if (settings->form == SKT_MESSAGE_TEXT)
    bytes = skt_payload_from_text (settings->source, -1, settings->encoding, settings->ending, ret_position, error);
  else
    bytes = skt_hex_parse (settings->source, -1, ret_position, error);
  if (bytes == NULL)
    return NULL;
  self = g_new0 (SktMessage, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->settings = *settings;
  self->settings.source = self->source = g_strdup (settings->source);
  self->bytes = g_steal_pointer (&bytes);
  return self;
}

SktMessage *
skt_message_new_from_bytes (GBytes *bytes)
{
  g_autoptr (GString) hex = g_string_new (NULL);
  gsize length;
  const guint8 *data;
  SktMessageSettings settings = { .form = SKT_MESSAGE_HEX };

  g_return_val_if_fail (bytes != NULL, NULL);

  data = g_bytes_get_data (bytes, &length);
  skt_hex_append (hex, data, length);
  settings.source = hex->str;
  return skt_message_new (&settings, NULL, NULL);
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
  g_bytes_unref (self->bytes);
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
  return TRUE;
}

GBytes *
skt_message_expand (const SktMessage *self, const SktMessageContext *context, GError **error)
{
  g_return_val_if_fail (self != NULL, NULL);
  return g_bytes_ref (self->bytes);
}
