/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-page-private.h"

#include <glib/gi18n.h>

#include "skt-error.h"
#include "skt-hex.h"

gboolean
socketeer_page_send_text (SocketeerPage *self, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;

  g_return_val_if_fail (SOCKETEER_IS_PAGE (self), FALSE);
  if (self->session == NULL)
    return FALSE;
  bytes = socketeer_composer_encode_text (self->composer, text, &error);
  if (bytes != NULL)
    return _socketeer_page_send_bytes (self, bytes);
  socketeer_composer_set_problem (self->composer, error->message);
  return FALSE;
}

gboolean
socketeer_page_send_hex (SocketeerPage *self, const char *hex)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;

  g_return_val_if_fail (SOCKETEER_IS_PAGE (self), FALSE);
  if (self->session == NULL)
    return FALSE;
  bytes = skt_hex_parse (hex, -1, NULL, &error);
  if (bytes != NULL)
    return _socketeer_page_send_bytes (self, bytes);
  socketeer_composer_set_problem (self->composer, error->message);
  return FALSE;
}

/* -- For the sending tools ----------------------------------------------------------------------------------- */

SktMessage *
socketeer_page_dup_message (SocketeerPage *self, GError **error)
{
  g_return_val_if_fail (SOCKETEER_IS_PAGE (self), NULL);
  return socketeer_composer_dup_message (self->composer, error);
}

void
socketeer_page_edit_message (SocketeerPage *self, SktMessage *message)
{
  g_return_if_fail (SOCKETEER_IS_PAGE (self));
  socketeer_composer_set_message (self->composer, message);
  socketeer_composer_focus (self->composer);
}

gboolean
socketeer_page_send_message (SocketeerPage *self, SktMessage *message, const SktMessageContext *context, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  g_return_val_if_fail (SOCKETEER_IS_PAGE (self) && self->session != NULL, FALSE);

  bytes = skt_message_expand (message, context, error);
  if (bytes == NULL)
    return FALSE;
  if (!self->is_closed)
    return socketeer_send_options_send (self->send_options, bytes, error);
  g_set_error_literal (error, SKT_ERROR, SKT_ERROR_NOT_CONNECTED, _ ("The page is closed."));
  return FALSE;
}
