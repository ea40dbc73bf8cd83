/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-page-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "skt-command.h"
#include "skt-endpoint.h"

/* Copy as command: what the page connects to, or listens on, and what is in the composer, as a line for a shell. */

typedef struct
{
  SktCommandTarget target;
  char *host, *local_host; /* owned */
} Target;

static void
target_clear (Target *self)
{
  g_free (self->host);
  g_free (self->local_host);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Target, target_clear)

static gboolean
is_any_address (const char *host)
{
  return host == NULL || *host == '\0' || g_str_equal (host, "*") || g_str_equal (host, "0.0.0.0") || g_str_equal (host, "::");
}

/* FALSE: there is nothing to connect to yet. */
static gboolean
get_target (SocketeerPage *self, gboolean listens, Target *ret_target)
{
  const char *text = skt_session_get_target (self->session);
  int port;

  if (text == NULL || !skt_endpoint_parse (text, &ret_target->host, &port, NULL) || port <= 0)
    return FALSE;
  ret_target->target.listens = listens;
  ret_target->target.port = port;
  if (self->client_bar != NULL)
    socketeer_client_bar_dup_local (self->client_bar, &ret_target->local_host, &ret_target->target.local_port);
  else if (is_any_address (ret_target->host))
    {
      g_free (ret_target->host);
      ret_target->host = listens ? NULL : g_strdup ("127.0.0.1");
    }
  ret_target->target.host = ret_target->host;
  ret_target->target.local_host = ret_target->local_host;
  return TRUE;
}

static char *
make_line (SocketeerPage *self, SktCommand command, gboolean listens, GError **error)
{
  g_autoptr (SktMessage) message = socketeer_page_dup_message (self, error);
  g_autoptr (GBytes) bytes = message != NULL ? skt_message_expand (message, NULL, error) : NULL;
  g_auto (Target) target = { { 0, }, };

  if (bytes == NULL)
    return NULL;
  if (get_target (self, listens, &target))
    return skt_command_make (command, &target.target, bytes, error);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED,
                       self->kind == SOCKETEER_PAGE_CLIENT ? _ ("There is no connection to make a command of: connect first.")
                                                           : _ ("There is no address to make a command of: listen first."));
  return NULL;
}

/* Parameter: "connect-0", "listen-2": what it does, and the number of the program. */
static void
copy_command_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerPage *self = SOCKETEER_PAGE (widget);
  const char *text = g_variant_get_string (parameter, NULL), *dash = strchr (text, '-');
  guint64 command = dash != NULL ? g_ascii_strtoull (dash + 1, NULL, 10) : SKT_N_COMMANDS;
  g_autoptr (GError) error = NULL;
  g_autofree char *line = NULL, *said = NULL;

  if (self->session == NULL || command >= SKT_N_COMMANDS)
    return;
  line = make_line (self, command, g_str_has_prefix (text, "listen"), &error);
  if (line == NULL)
    {
      socketeer_composer_set_problem (self->composer, error->message);
      return;
    }
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), line);
  /* Translators: %s is the name of a program: ncat, socat, nc, Python */
  said = g_strdup_printf (_ ("The command for %s is copied."), skt_command_get_name (command));
  _socketeer_page_say (self, said);
}

static void
append_programs (GMenu *menu, const char *label, const char *what)
{
  g_autoptr (GMenu) section = g_menu_new ();

  for (guint i = 0; i < SKT_N_COMMANDS; i++)
    {
      g_autofree char *action = g_strdup_printf ("page.copy-command::%s-%u", what, i);

      g_menu_append (section, skt_command_get_name (i), action);
    }
  g_menu_append_section (menu, label, G_MENU_MODEL (section));
}

GMenuModel *
_socketeer_page_dup_command_menu (SocketeerPage *self)
{
  GMenu *menu = g_menu_new ();

  if (self->kind == SOCKETEER_PAGE_CLIENT)
    append_programs (menu, NULL, "connect");
  else
    {
      append_programs (menu, _ ("As a client that connects here"), "connect");
      append_programs (menu, _ ("As a server that listens like this one"), "listen");
    }
  return G_MENU_MODEL (menu);
}

void
_socketeer_page_command_class_init (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "page.copy-command", "s", copy_command_action);
}
