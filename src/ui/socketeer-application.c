/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-application.h"

#include <glib/gi18n.h>
#include <string.h>

#include "skt-endpoint.h"
#include "socketeer-control-names.h"
#include "socketeer-look.h"
#include "socketeer-notify.h"
#include "socketeer-preferences.h"
#include "socketeer-storage.h"
#include "socketeer-resources.h"
#include "socketeer-shortcuts.h"
#include "socketeer-stores.h"
#include "socketeer-tabs.h"
#include "socketeer-window-private.h"

struct _SocketeerApplication
{
  AdwApplication parent_instance;

  /* owned */
  SktEngine *engine; /* from startup to shutdown */

  gboolean looked_for_abandoned;
};

G_DEFINE_FINAL_TYPE (SocketeerApplication, socketeer_application, ADW_TYPE_APPLICATION)

/* The window that is used; without one, those of last time with their tabs if `restores`, or a new one. */
static SocketeerWindow *
get_window (SocketeerApplication *self, gboolean restores)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  if (window != NULL && SOCKETEER_IS_WINDOW (window))
    return SOCKETEER_WINDOW (window);
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    if (SOCKETEER_IS_WINDOW (l->data))
      return l->data;
  if (!restores)
    return socketeer_window_new (GTK_APPLICATION (self), self->engine);
  socketeer_tabs_begin (GTK_APPLICATION (self), self->engine);
  return get_window (self, FALSE);
}

/* -- Sessions of a program that was killed --------------------------------------------------------------------- */

static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SocketeerApplication) self = user_data;
  g_autoptr (GPtrArray) paths = socketeer_storage_look_finish (result);

  if (paths != NULL && paths->len > 0 && self->engine != NULL)
    socketeer_window_offer_recovery (get_window (self, FALSE), paths);
}

static void
look_for_abandoned (SocketeerApplication *self)
{
  if (self->looked_for_abandoned)
    return;
  self->looked_for_abandoned = TRUE;
  socketeer_storage_look_async (listed_cb, g_object_ref (self));
}

/* -- Command line -------------------------------------------------------------------------------------------- */

static const GOptionEntry options[] = {
  { "connect", 0, 0, G_OPTION_ARG_STRING_ARRAY, NULL, N_ ("Open a client and connect it"), N_ ("HOST:PORT") },
  { "listen", 0, 0, G_OPTION_ARG_STRING_ARRAY, NULL, N_ ("Open a server and listen; without an address on 127.0.0.1"), N_ ("[ADDRESS:]PORT") },
  { "echo", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("The servers opened here send back what they receive"), NULL },
  { "view", 0, 0, G_OPTION_ARG_STRING, NULL, N_ ("How bytes are shown: text, hex or both"), N_ ("VIEW") },
  { "encoding", 0, 0, G_OPTION_ARG_STRING, NULL, N_ ("Encoding of text, for showing and sending"), N_ ("NAME") },
  { "demo", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Open a server that echoes and a client connected to it"), NULL },
  { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Print the version and exit"), NULL },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, NULL, NULL, N_ ("[tcp://HOST:PORT or FILE …]") },
  { NULL },
};

static gboolean
check_endpoint (const char *option, const char *text, gboolean needs_port)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *host = NULL;
  int port;

  if (!skt_endpoint_parse (text, &host, &port, &error))
    g_printerr ("socketeer: %s %s: %s\n", option, text, error->message);
  else if (needs_port && port < 0)
    g_printerr (_ ("socketeer: %s %s: there is no port. Write HOST:PORT.\n"), option, text);
  else
    return TRUE;
  return FALSE;
}

static gboolean
check_listen (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *address = NULL;
  int port;

  if (skt_endpoint_parse_listen (text, &address, &port, &error))
    return TRUE;
  g_printerr ("socketeer: --listen %s: %s\n", text, error->message);
  return FALSE;
}

/* An argument is a file if there is one of that name; HOST:PORT and tcp:// are no paths. */
static gboolean
is_file (GFile *file, const char *argument)
{
  if (g_str_has_prefix (argument, "file:") || g_file_query_exists (file, NULL))
    return TRUE;
  return strchr (argument, '/') != NULL && strstr (argument, "://") == NULL;
}

static gboolean
check_argument (const char *argument)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (argument);
  g_autofree char *path = g_file_get_path (file);

  if (!is_file (file, argument))
    return check_endpoint ("", argument, TRUE);
  if (path != NULL && g_file_query_exists (file, NULL))
    return TRUE;
  g_printerr (_ ("socketeer: %s: there is no such file.\n"), argument);
  return FALSE;
}

/* What is wrong with the command line is said where it was typed, before a window opens. */
static int
socketeer_application_handle_local_options (GApplication *application, GVariantDict *dict)
{
  g_auto (GStrv) connect = NULL, listen = NULL, rest = NULL;
  const char *name;
  gboolean ok = TRUE;
  SktView view;
  SktEncoding encoding;

  if (g_variant_dict_contains (dict, "version"))
    {
      g_print ("Socketeer %s\n", PACKAGE_VERSION);
      return 0;
    }
  g_variant_dict_lookup (dict, "connect", "^as", &connect);
  g_variant_dict_lookup (dict, "listen", "^as", &listen);
  g_variant_dict_lookup (dict, G_OPTION_REMAINING, "^aay", &rest);
  for (guint i = 0; connect != NULL && connect[i] != NULL; i++)
    ok = check_endpoint ("--connect", connect[i], TRUE) && ok;
  for (guint i = 0; rest != NULL && rest[i] != NULL; i++)
    ok = check_argument (rest[i]) && ok;
  for (guint i = 0; listen != NULL && listen[i] != NULL; i++)
    ok = check_listen (listen[i]) && ok;
  if (g_variant_dict_lookup (dict, "view", "&s", &name) && !skt_view_from_name (name, &view))
    {
      g_printerr (_ ("socketeer: --view %s: there are text, hex and both.\n"), name);
      ok = FALSE;
    }
  if (g_variant_dict_lookup (dict, "encoding", "&s", &name) && !skt_encoding_from_name (name, &encoding))
    {
      g_autoptr (GString) names = g_string_new (NULL);
      for (guint i = 0; i < SKT_N_ENCODINGS; i++)
        g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", skt_encoding_get_name (i));
      g_printerr (_ ("socketeer: --encoding %s: there are %s.\n"), name, names->str);
      ok = FALSE;
    }
  return ok ? -1 : 2;
}

static void
apply_view (SocketeerPage *page, GVariantDict *dict)
{
  const char *name;
  SktView view;
  SktEncoding encoding;

  if (g_variant_dict_lookup (dict, "view", "&s", &name) && skt_view_from_name (name, &view))
    socketeer_page_set_view (page, view);
  if (g_variant_dict_lookup (dict, "encoding", "&s", &name) && skt_encoding_from_name (name, &encoding))
    socketeer_page_set_encoding (page, encoding);
}

/* Where it was typed: the window says why. */
static void
say_failed (GApplicationCommandLine *command_line, const char *argument)
{
  g_application_command_line_printerr (command_line, _ ("socketeer: %s: no tab could be opened for it.\n"), argument);
}

static gboolean
open_clients (SocketeerWindow *window, GApplicationCommandLine *command_line, char **endpoints, GVariantDict *dict)
{
  for (guint i = 0; endpoints != NULL && endpoints[i] != NULL; i++)
    {
      SocketeerPage *page = socketeer_window_add_page (window, SOCKETEER_PAGE_CLIENT);
      if (page == NULL)
        {
          say_failed (command_line, endpoints[i]);
          return FALSE;
        }
      apply_view (page, dict);
      socketeer_page_connect (page, endpoints[i]);
    }
  return TRUE;
}

static gboolean
open_servers (SocketeerWindow *window, GApplicationCommandLine *command_line, char **endpoints, GVariantDict *dict)
{
  for (guint i = 0; endpoints != NULL && endpoints[i] != NULL; i++)
    {
      SocketeerPage *page = socketeer_window_add_page (window, SOCKETEER_PAGE_SERVER);
      if (page == NULL)
        {
          say_failed (command_line, endpoints[i]);
          return FALSE;
        }
      apply_view (page, dict);
      socketeer_page_set_echo (page, g_variant_dict_contains (dict, "echo"));
      socketeer_page_listen (page, endpoints[i]);
    }
  return TRUE;
}

/* Another program may have asked for it, or a link: it is filled in, and the user connects. dict may be NULL. */
static gboolean
fill_client (SocketeerWindow *window, const char *endpoint, GVariantDict *dict)
{
  SocketeerPage *page = socketeer_window_add_page (window, SOCKETEER_PAGE_CLIENT);

  if (page == NULL)
    return FALSE;
  if (dict != NULL)
    apply_view (page, dict);
  socketeer_page_fill (page, endpoint, TRUE);
  socketeer_page_focus (page);
  return TRUE;
}

static gboolean
open_argument (SocketeerWindow *window, GApplicationCommandLine *command_line, char *argument, GVariantDict *dict)
{
  gboolean is_good = TRUE;
  /* Relative to where it was typed. */
  g_autoptr (GFile) file = g_application_command_line_create_file_for_arg (command_line, argument);
  g_autofree char *path = g_file_get_path (file);

  if (path != NULL && is_file (file, argument))
    socketeer_window_open (window, path);
  else
    is_good = fill_client (window, argument, dict);
  if (!is_good)
    say_failed (command_line, argument);
  return is_good;
}

static void
present (SocketeerApplication *self)
{
  /* The one that was used last above the others, which a restart has opened. */
  g_autoptr (GList) windows = g_list_reverse (g_list_copy (gtk_application_get_windows (GTK_APPLICATION (self))));

  for (GList *l = windows; l != NULL; l = l->next)
    if (SOCKETEER_IS_WINDOW (l->data) && (l->next == NULL || !gtk_widget_get_visible (l->data)))
      gtk_window_present (l->data);
  look_for_abandoned (self);
}

static void
open_uri (SocketeerWindow *window, const char *uri)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *host = NULL, *problem = NULL;
  int port = -1;

  if (skt_endpoint_parse (uri, &host, &port, &error) && port > 0)
    {
      fill_client (window, uri, NULL);
      return;
    }
  /* Translators: %1$s is an address that another program gave, %2$s a sentence that says what is wrong with it */
  problem = g_strdup_printf (_ ("Can’t open “%1$s”: %2$s"), uri, error != NULL ? error->message : _ ("There is no port."));
  _socketeer_window_say_problem (window, problem);
}

/* By D-Bus: what another program opens with this one. */
static void
socketeer_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  SocketeerApplication *self = SOCKETEER_APPLICATION (application);
  SocketeerWindow *window = get_window (self, TRUE);

  for (int i = 0; i < n_files; i++)
    {
      g_autofree char *path = g_file_get_path (files[i]);
      g_autofree char *uri = g_file_get_uri (files[i]);

      if (path != NULL)
        socketeer_window_open (window, path);
      else
        open_uri (window, uri);
    }
  present (self);
}

static int
socketeer_application_command_line (GApplication *application, GApplicationCommandLine *command_line)
{
  SocketeerApplication *self = SOCKETEER_APPLICATION (application);
  GVariantDict *dict = g_application_command_line_get_options_dict (command_line);
  g_auto (GStrv) connect = NULL, listen = NULL, rest = NULL;
  gboolean has_demo = g_variant_dict_contains (dict, "demo"), is_good;
  SocketeerWindow *window;

  g_variant_dict_lookup (dict, "connect", "^as", &connect);
  g_variant_dict_lookup (dict, "listen", "^as", &listen);
  g_variant_dict_lookup (dict, G_OPTION_REMAINING, "^aay", &rest);
  /* Who says what is to be open begins with that, and leaves alone what was open last. */
  window = get_window (self, connect == NULL && listen == NULL && !has_demo);
  is_good = open_servers (window, command_line, listen, dict);
  is_good = open_clients (window, command_line, connect, dict) && is_good;
  for (guint i = 0; rest != NULL && rest[i] != NULL; i++)
    is_good = open_argument (window, command_line, rest[i], dict) && is_good;
  if (has_demo)
    socketeer_window_show_demo (window);
  present (self);
  return is_good ? 0 : 1;
}

static void
socketeer_application_activate (GApplication *application)
{
  SocketeerApplication *self = SOCKETEER_APPLICATION (application);

  get_window (self, TRUE);
  present (self);
}

/* -- Actions ------------------------------------------------------------------------------------------------- */

static void
about_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerApplication *self = user_data;

  adw_show_about_window (gtk_application_get_active_window (GTK_APPLICATION (self)),
                         "application-name", "Socketeer",
                         "application-icon", APP_ID,
                         "version", PACKAGE_VERSION,
                         "developer-name", _ ("The Socketeer developers"),
                         "license-type", GTK_LICENSE_GPL_3_0,
                         "comments", _ ("Opens TCP connections or accepts them, sends what you type, and shows every byte."),
                         /* Translators: your names, one on a line */
                         "translator-credits", _ ("translator-credits"),
                         NULL);
}

static void
preferences_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (SOCKETEER_IS_PREFERENCES (window))
        {
          gtk_window_present (window);
          return;
        }
    }
  gtk_window_present (GTK_WINDOW (socketeer_preferences_new (gtk_application_get_active_window (user_data))));
}

static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GList *windows = g_list_copy (gtk_application_get_windows (user_data));

  socketeer_tabs_end ();
  for (GList *l = windows; l != NULL; l = l->next)
    gtk_window_close (l->data);
  g_list_free (windows);
}

static void
new_client_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerWindow *window = get_window (user_data, TRUE);
  gtk_window_present (GTK_WINDOW (window));
  g_action_group_activate_action (G_ACTION_GROUP (window), "new-client", NULL);
}

static void
new_server_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerWindow *window = get_window (user_data, TRUE);
  gtk_window_present (GTK_WINDOW (window));
  g_action_group_activate_action (G_ACTION_GROUP (window), "new-server", NULL);
}

static void
new_window_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SocketeerApplication *self = user_data;
  gboolean is_first = gtk_application_get_windows (GTK_APPLICATION (self)) == NULL;

  if (is_first)
    get_window (self, TRUE);
  else
    socketeer_window_new (GTK_APPLICATION (self), self->engine);
  present (self);
}

static const GActionEntry actions[] = {
  { .name = "new-window", .activate = new_window_action },
  { .name = "about", .activate = about_action },
  { .name = "preferences", .activate = preferences_action },
  { .name = "quit", .activate = quit_action },
  { .name = "new-client", .activate = new_client_action },
  { .name = "new-server", .activate = new_server_action },
};

/* -- GApplication -------------------------------------------------------------------------------------------- */

static void
socketeer_application_startup (GApplication *application)
{
  SocketeerApplication *self = SOCKETEER_APPLICATION (application);

  G_APPLICATION_CLASS (socketeer_application_parent_class)->startup (application);
  self->engine = skt_engine_new ();
  socketeer_control_names_install ();
  socketeer_storage_start ();
  socketeer_look_start (gdk_display_get_default ());
  gtk_window_set_default_icon_name (APP_ID);
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  socketeer_notify_start (GTK_APPLICATION (self));
  socketeer_shortcuts_set_accelerators (GTK_APPLICATION (self));
}

static void
socketeer_application_shutdown (GApplication *application)
{
  SocketeerApplication *self = SOCKETEER_APPLICATION (application);

  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    if (SOCKETEER_IS_WINDOW (l->data))
      socketeer_window_close_pages (l->data);
  socketeer_tabs_end ();
  socketeer_closed_tabs_end ();
  if (self->engine != NULL)
    skt_engine_stop (self->engine);
  g_clear_object (&self->engine);
  socketeer_stores_close ();

  G_APPLICATION_CLASS (socketeer_application_parent_class)->shutdown (application);
}

static void
socketeer_application_class_init (SocketeerApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->startup = socketeer_application_startup;
  application_class->shutdown = socketeer_application_shutdown;
  application_class->activate = socketeer_application_activate;
  application_class->open = socketeer_application_open;
  application_class->command_line = socketeer_application_command_line;
  application_class->handle_local_options = socketeer_application_handle_local_options;
}

static void
socketeer_application_init (SocketeerApplication *self)
{
  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_parameter_string (G_APPLICATION (self), NULL);
  g_application_set_option_context_summary (G_APPLICATION (self),
                                            _ ("Open TCP connections or accept them, send what you type, and see every byte."));
}

SocketeerApplication *
socketeer_application_new (void)
{
  socketeer_register_resource ();
  return g_object_new (SOCKETEER_TYPE_APPLICATION,
                       "application-id", APP_ID,
                       "flags", G_APPLICATION_HANDLES_COMMAND_LINE | G_APPLICATION_HANDLES_OPEN,
                       "resource-base-path", APP_PATH,
                       NULL);
}
