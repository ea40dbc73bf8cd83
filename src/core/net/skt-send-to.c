/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-send-to.h"

#include "skt-error.h"

#include <glib/gi18n-lib.h>

/* Addresses in one message. */
#define MAX_NAMED 8

typedef struct
{
  SktRecipientsKind kind;
  const SktShape *shape;
  GBytes *bytes;
  guint n_sent, n_failed;
  GString *failed;              /* addresses, up to MAX_NAMED */
  GError *first_error;          /* owned */
} SktSending;

static void
add_failure (SktSending *self, SktConnection *connection, GError *error)
{
  const char *address = skt_connection_get_remote_address (connection);

  if (address == NULL)
    address = "?";
  if (self->n_failed++ < MAX_NAMED)
    g_string_append_printf (self->failed, "%s%s", self->failed->len > 0 ? ", " : "", address);
  if (self->first_error == NULL)
    {
      g_prefix_error (&error, "%s: ", address);
      self->first_error = error;
    }
  else
    g_error_free (error);
}

static void
send_to_one (SktSending *self, SktConnection *connection)
{
  GError *error = NULL;

  if (skt_connection_send_shaped (connection, self->bytes, self->shape, &error))
    self->n_sent++;
  else
    add_failure (self, connection, error);
}

static void
send_to_next (SktSending *self, SktSession *session, SktRecipients *recipients, guint32 *turn)
{
  guint n = g_list_model_get_n_items (skt_session_get_connections (session));
  guint32 next = 0;

  for (guint32 id = 1; id <= n; id++)
    if (skt_recipients_includes (recipients, id) && skt_connection_can_send (skt_session_get_connection (session, id)))
      next = skt_recipients_get_earlier (next, id, *turn);
  if (next == 0)
    return;
  *turn = next;
  send_to_one (self, skt_session_get_connection (session, next));
}

static void
send_to_each (SktSending *self, SktSession *session, SktRecipients *recipients)
{
  guint n = g_list_model_get_n_items (skt_session_get_connections (session));
  gboolean has_names = skt_recipients_has_names (recipients);

  for (guint32 id = 1; id <= n; id++)
    {
      SktConnection *connection = skt_session_get_connection (session, id);

      if (skt_recipients_includes (recipients, id) && (has_names || skt_connection_can_send (connection)))
        send_to_one (self, connection);
    }
}

static void
set_error (SktSending *self, SktSession *session, GError **error)
{
  guint n = self->n_sent + self->n_failed;
  g_autofree char *more = NULL;

  if (n == 0 && self->kind == SKT_RECIPIENTS_ALL_BUT && skt_session_get_n_open (session) > 0)
    g_set_error_literal (error, SKT_ERROR, SKT_ERROR_NOT_CONNECTED, _("Nobody but the chosen is connected, so there is nobody to send to."));
  else if (n == 0)
    g_propagate_error (error, skt_session_dup_nobody_error (session));
  else if (n == 1)
    g_propagate_error (error, g_steal_pointer (&self->first_error));
  else
    {
      if (self->n_failed > MAX_NAMED)
        /* Translators: after a list of addresses */
        more = g_strdup_printf (ngettext (" and %u more", " and %u more", self->n_failed - MAX_NAMED), self->n_failed - MAX_NAMED);
      /* Translators: number, number, a list of addresses, " and 3 more" or nothing, why (an address and a sentence) */
      g_set_error (error, self->first_error->domain, self->first_error->code, _("Sent to %u of %u. Not to %s%s. %s"),
                   self->n_sent, n, self->failed->str, more != NULL ? more : "", self->first_error->message);
    }
  g_clear_error (&self->first_error);
}

gboolean
skt_send_to (SktSession *session, SktRecipients *recipients, guint32 *turn, const SktShape *shape, GBytes *bytes,
             GError **error)
{
  g_autoptr (GString) failed = g_string_new (NULL);
  SktSending sending = { .kind = skt_recipients_get_kind (recipients), .shape = shape, .bytes = bytes, .failed = failed };

  g_return_val_if_fail (SKT_IS_SESSION (session), FALSE);
  g_return_val_if_fail (recipients != NULL && bytes != NULL, FALSE);

  if (skt_recipients_get_kind (recipients) == SKT_RECIPIENTS_NEXT)
    {
      g_return_val_if_fail (turn != NULL, FALSE);
      send_to_next (&sending, session, recipients, turn);
    }
  else
    send_to_each (&sending, session, recipients);
  if (sending.n_failed == 0 && sending.n_sent > 0)
    return TRUE;
  set_error (&sending, session, error);
  return FALSE;
}
