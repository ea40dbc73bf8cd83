/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-ui.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "skt-encoding.h"
#include "skt-socket-options.h"
#include "socketeer-byte-view-private.h"
#include "socketeer-client-bar.h"
#include "socketeer-contrast.h"
#include "socketeer-look.h"
#include "socketeer-page-private.h"
#include "socketeer-preferences-private.h"
#include "socketeer-row-cache-private.h"
#include "socketeer-server-bar.h"
#include "socketeer-settings.h"
#include "socketeer-storage.h"

/* What is chosen in the preferences holds at once in the tabs that are open; what is changed elsewhere is shown; all can be reset. */

typedef struct
{
  SktEngine *engine;
  SocketeerPage *page;           /* a client */
  SocketeerByteView *view;       /* borrowed, as are the others */
  SocketeerTranscript *transcript;
  SocketeerComposer *composer;
  GtkWidget *window;
  SocketeerPreferences *preferences;
  GSettings *settings;
} Fixture;

static void
close_page (SocketeerPage *page)
{
  SktSession *session = socketeer_page_get_session (page);
  gpointer weak = page, weak_session = session;

  g_object_add_weak_pointer (G_OBJECT (page), &weak);
  g_object_add_weak_pointer (G_OBJECT (session), &weak_session);
  socketeer_page_close (page);
  g_object_unref (page);
  check_wait (weak == NULL && weak_session == NULL);
}

static void
reset_all (GSettings *settings)
{
  g_autoptr (GSettingsSchema) schema = NULL;
  g_auto (GStrv) keys = NULL;

  g_object_get (settings, "settings-schema", &schema, NULL);
  keys = g_settings_schema_list_keys (schema);
  for (guint i = 0; keys[i] != NULL; i++)
    g_settings_reset (settings, keys[i]);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->settings = socketeer_settings_get ();
  socketeer_storage_start ();
  socketeer_look_start (gdk_display_get_default ());
  self->engine = skt_engine_new ();
  self->page = g_object_ref_sink (socketeer_page_new (self->engine, SOCKETEER_PAGE_CLIENT, &error));
  g_assert_no_error (error);
  self->transcript = check_child (self->page, SOCKETEER_TYPE_PAGE, "transcript");
  self->view = check_child (self->transcript, SOCKETEER_TYPE_TRANSCRIPT, "byte_view");
  self->composer = check_child (self->page, SOCKETEER_TYPE_PAGE, "composer");
  self->window = check_window_new (GTK_WIDGET (self->page));
  self->preferences = socketeer_preferences_new (NULL);
  gtk_window_present (GTK_WINDOW (self->preferences));
  check_wait (gtk_widget_get_mapped (GTK_WIDGET (self->preferences)));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  check_window_destroy (GTK_WIDGET (self->preferences));
  check_window_destroy (self->window);
  close_page (self->page);
  skt_engine_stop (self->engine);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (self->engine);
  reset_all (self->settings);
}

static guint
get_selected (gpointer parent, GType type, const char *name)
{
  return gtk_drop_down_get_selected (GTK_DROP_DOWN (gtk_widget_get_template_child (parent, type, name)));
}

static GtkWidget *
get_reset (Fixture *self, const char *group)
{
  return adw_preferences_group_get_header_suffix (check_child (self->preferences, SOCKETEER_TYPE_PREFERENCES, group));
}

/* -- View ------------------------------------------------------------------------------------------------------ */

static void
test_text (Fixture *self, gconstpointer data)
{
  SktEncoding encoding;

  g_assert_true (skt_encoding_from_name ("GBK", &encoding) || skt_encoding_from_name ("GB18030", &encoding));
  adw_combo_row_set_selected (self->preferences->encoding_row, encoding);
  g_assert_cmpint (socketeer_transcript_get_encoding (self->transcript), ==, encoding);
  g_assert_cmpint (skt_layout_get_encoding (socketeer_byte_view_get_layout (self->view)), ==, encoding);
  adw_combo_row_set_selected (self->preferences->width_row, 2);
  g_assert_cmpuint (skt_layout_get_bytes_per_row (socketeer_byte_view_get_layout (self->view)), ==, 32);
  g_assert_cmpint (g_settings_get_int (self->settings, "hex-bytes-per-row"), ==, 32);
  g_assert_cmpint (socketeer_transcript_get_encoding (self->transcript), ==, encoding);
  /* By another program. */
  g_settings_set_int (self->settings, "hex-bytes-per-row", 8);
  g_assert_cmpuint (adw_combo_row_get_selected (self->preferences->width_row), ==, 0);
  g_assert_cmpuint (skt_layout_get_bytes_per_row (socketeer_byte_view_get_layout (self->view)), ==, 8);

  adw_combo_row_set_selected (self->preferences->send_encoding_row, encoding);
  g_assert_cmpuint (get_selected (self->composer, SOCKETEER_TYPE_COMPOSER, "encoding_drop_down"), ==, encoding);
  adw_combo_row_set_selected (self->preferences->ending_row, 3);
  g_assert_cmpuint (get_selected (self->composer, SOCKETEER_TYPE_COMPOSER, "ending_drop_down"), ==, 3);
}

/* What is chosen in a tab is the tab's; whether it is the next one's, too, the user says. */
static void
test_remember (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  SocketeerPage *other = g_object_ref_sink (socketeer_page_new (self->engine, SOCKETEER_PAGE_CLIENT, &error));
  SocketeerTranscript *transcript = check_child (other, SOCKETEER_TYPE_PAGE, "transcript");
  SocketeerComposer *composer = check_child (other, SOCKETEER_TYPE_PAGE, "composer");
  SktEncoding utf_8 = socketeer_transcript_get_encoding (self->transcript);
  g_autofree char *name = NULL;

  g_assert_no_error (error);
  socketeer_transcript_set_encoding (transcript, SKT_ENCODING_UTF_8 + 1);
  g_assert_cmpint (socketeer_transcript_get_encoding (self->transcript), ==, utf_8);
  g_assert_cmpuint (adw_combo_row_get_selected (self->preferences->encoding_row), ==, SKT_ENCODING_UTF_8 + 1);
  gtk_switch_set_active (self->preferences->remember_switch, FALSE);
  socketeer_transcript_set_encoding (transcript, SKT_ENCODING_UTF_8 + 2);
  g_assert_cmpuint (adw_combo_row_get_selected (self->preferences->encoding_row), ==, SKT_ENCODING_UTF_8 + 1);

  /* A setting that is shown in a tab is not stored by it again with the others of the tab. */
  gtk_switch_set_active (self->preferences->remember_switch, TRUE);
  g_settings_set_string (self->settings, "line-ending", "lf");
  gtk_drop_down_set_selected (check_child (composer, SOCKETEER_TYPE_COMPOSER, "ending_drop_down"), 2);
  g_settings_set_string (self->settings, "line-ending", "nul");
  gtk_drop_down_set_selected (check_child (self->composer, SOCKETEER_TYPE_COMPOSER, "ending_drop_down"), 0);
  adw_combo_row_set_selected (self->preferences->send_encoding_row, SKT_ENCODING_UTF_8 + 1);
  name = g_settings_get_string (self->settings, "line-ending");
  g_assert_cmpstr (name, ==, "none");
  close_page (other);
}

static void
test_font (Fixture *self, gconstpointer data)
{
  GtkWidget *text_view = check_child (self->composer, SOCKETEER_TYPE_COMPOSER, "text_view");
  PangoContext *context = gtk_widget_get_pango_context (text_view);
  int height = socketeer_glyphs_get_row_height (self->view->glyphs);
  g_autofree char *text = NULL;
  g_autofree char *family = NULL;
  double size;

  gtk_spin_button_set_value (self->preferences->font_size_spin, 30);
  text = g_settings_get_string (self->settings, "font");
  g_assert_cmpstr (text, ==, "Monospace 30");
  check_wait (socketeer_glyphs_get_row_height (self->view->glyphs) > 2 * height);
  check_wait (pango_font_description_get_size (pango_context_get_font_description (context)) == 40 * PANGO_SCALE);

  /* By name; what is not installed is shown as what was chosen, and drawn in the system's. */
  g_settings_set_string (self->settings, "font", "No \"Such\\ Font} 12");
  check_wait (strstr (pango_font_description_get_family (pango_context_get_font_description (context)), "Such\\ Font}") != NULL);
  check_wait (strstr (pango_font_description_get_family (self->view->font), "Such\\ Font}") != NULL);
  g_assert_cmpuint (adw_combo_row_get_selected (self->preferences->font_row), ==, self->preferences->families->len);
  adw_combo_row_set_selected (self->preferences->font_row, 0);
  gtk_spin_button_set_value (self->preferences->font_size_spin, 0);
  check_wait (socketeer_glyphs_get_row_height (self->view->glyphs) == height);
  g_clear_pointer (&text, g_free);
  text = g_settings_get_string (self->settings, "font");
  g_assert_cmpstr (text, ==, "");

  socketeer_look_parse_font ("Hack Bold 10000", &family, &size);
  g_assert_cmpstr (family, ==, "Hack");
  g_assert_cmpfloat (size, <=, 96);
  g_clear_pointer (&family, g_free);
  socketeer_look_parse_font ("", &family, &size);
  g_assert_null (family);
  g_assert_cmpfloat (size, ==, 0);
}

/* Each is as wide as it is said to be, and gone when it is not wanted. */
static void
test_columns (Fixture *self, gconstpointer data)
{
  guint all = socketeer_row_cache_get_gutter_cells (self->view->cache);
  double width = _socketeer_byte_view_get_gutter_width (self->view);

  gtk_switch_set_active (self->preferences->offset_switch, TRUE);
  g_assert_cmpuint (socketeer_row_cache_get_gutter_cells (self->view->cache), ==, all + 11);
  gtk_switch_set_active (self->preferences->size_switch, TRUE);
  g_assert_cmpuint (socketeer_row_cache_get_gutter_cells (self->view->cache), ==, all + 20);
  socketeer_transcript_set_view (self->transcript, SKT_VIEW_HEX);
  g_assert_cmpuint (socketeer_row_cache_get_gutter_cells (self->view->cache), ==, all + 9);
  socketeer_transcript_set_mode (self->transcript, SKT_MODE_STREAM);
  g_assert_cmpuint (socketeer_row_cache_get_gutter_cells (self->view->cache), ==, all);
  socketeer_transcript_set_mode (self->transcript, SKT_MODE_READS);
  socketeer_transcript_set_view (self->transcript, SKT_VIEW_TEXT);
  gtk_switch_set_active (self->preferences->offset_switch, FALSE);
  gtk_switch_set_active (self->preferences->size_switch, FALSE);
  adw_combo_row_set_selected (self->preferences->time_row, 3);
  g_assert_cmpuint (socketeer_row_cache_get_gutter_cells (self->view->cache), ==, all - SOCKETEER_ROW_TIME_CELLS - 1);
  g_assert_cmpfloat (_socketeer_byte_view_get_gutter_width (self->view), <, width);
  adw_combo_row_set_selected (self->preferences->time_row, 1);
  g_assert_cmpint (self->view->time_column, ==, SOCKETEER_TIME_DELTA);

  socketeer_byte_view_set_peers (self->view, 15, NULL, NULL);
  g_assert_cmpuint (self->view->cache->peer_cells, ==, 15);
  gtk_switch_set_active (self->preferences->peer_switch, FALSE);
  g_assert_cmpuint (self->view->cache->peer_cells, ==, 0);
  check_frames (GTK_WIDGET (self->view), 2);
  socketeer_byte_view_set_peers (self->view, 0, NULL, NULL);
}

static void
check_readable (Fixture *self)
{
  g_assert_cmpfloat (socketeer_contrast_get_ratio (&self->view->palette.received, &socketeer_look_backgrounds[0]), >=,
                     SOCKETEER_CONTRAST_TEXT);
  g_assert_cmpfloat (socketeer_contrast_get_ratio (&self->view->palette.sent, &socketeer_look_backgrounds[0]), >=,
                     SOCKETEER_CONTRAST_TEXT);
}

static void
test_colors (Fixture *self, gconstpointer data)
{
  GdkRGBA received = self->view->palette.received, sent = self->view->palette.sent;
  GtkWidget *row = GTK_WIDGET (self->preferences->received_color_row);

  for (guint i = 1; i <= 2; i++)
    {
      adw_combo_row_set_selected (self->preferences->colors_row, i);
      g_assert_false (gdk_rgba_equal (&received, &self->view->palette.received));
      g_assert_false (gdk_rgba_equal (&sent, &self->view->palette.sent));
      check_readable (self);
    }
  adw_combo_row_set_selected (self->preferences->colors_row, 3);
  g_assert_true (gdk_rgba_equal (&self->view->palette.text, &self->view->palette.received));
  g_assert_false (gtk_widget_get_sensitive (row));

  /* A colour that can't be read is said to be one, and drawn darker. */
  adw_combo_row_set_selected (self->preferences->colors_row, 4);
  g_assert_true (gtk_widget_get_sensitive (row));
  g_settings_set_string (self->settings, "received-color", "#ffff00");
  check_readable (self);
  g_assert_nonnull (strstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), "Hard to read on a light background (contrast 1.1 : 1)"));
  g_settings_set_string (self->settings, "received-color", "#000040");
  g_assert_nonnull (strstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), "Hard to read on a dark background"));
  g_assert_true (gdk_rgba_equal (&self->view->palette.received, &(GdkRGBA){ 0, 0, 64 / 255.0f, 1 }));
  /* Nonsense is the default. */
  g_settings_set_string (self->settings, "received-color", "nonsense");
  check_readable (self);
  adw_combo_row_set_selected (self->preferences->colors_row, 0);
  g_assert_true (gdk_rgba_equal (&received, &self->view->palette.received));
  g_assert_true (gdk_rgba_equal (&sent, &self->view->palette.sent));
}

/* In each of the schemes, on light and dark, with and without high contrast. */
static void
test_contrast (void)
{
  const GdkRGBA black = { 0, 0, 0, 1 }, white = { 1, 1, 1, 1 };
  const GdkRGBA *text[2] = { &black, &white };
  const char *const colors[] = { "#ff0000", "#00ff00", "#0000ff", "#ffff00", "#808080", "#ffffff", "#000000" };

  g_assert_cmpfloat_with_epsilon (socketeer_contrast_get_ratio (&black, &white), 21, 0.001);
  g_assert_cmpfloat_with_epsilon (socketeer_contrast_get_ratio (&white, &white), 1, 0.001);
  for (guint i = 0; i < G_N_ELEMENTS (colors); i++)
    for (guint k = 0; k < 2; k++)
      {
        GdkRGBA color, normal, high;

        g_assert_true (gdk_rgba_parse (&color, colors[i]));
        socketeer_contrast_adapt (&color, &socketeer_look_backgrounds[k], text[k], SOCKETEER_CONTRAST_TEXT, &normal);
        socketeer_contrast_adapt (&color, &socketeer_look_backgrounds[k], text[k], SOCKETEER_CONTRAST_HIGH, &high);
        g_assert_cmpfloat (socketeer_contrast_get_ratio (&normal, &socketeer_look_backgrounds[k]), >=, SOCKETEER_CONTRAST_TEXT);
        g_assert_cmpfloat (socketeer_contrast_get_ratio (&high, &socketeer_look_backgrounds[k]), >=, SOCKETEER_CONTRAST_HIGH);
        if (socketeer_contrast_get_ratio (&color, &socketeer_look_backgrounds[k]) >= SOCKETEER_CONTRAST_HIGH)
          g_assert_true (gdk_rgba_equal (&color, &high));
      }
}

/* -- Connections ----------------------------------------------------------------------------------------------- */

static const char *
get_text (gpointer parent, GType type, const char *name)
{
  return gtk_editable_get_text (GTK_EDITABLE (gtk_widget_get_template_child (parent, type, name)));
}

static void
test_addresses (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  SocketeerPage *server = g_object_ref_sink (socketeer_page_new (self->engine, SOCKETEER_PAGE_SERVER, &error));
  gpointer client_bar = self->page->client_bar, server_bar = server->server_bar;
  GtkEditable *host = GTK_EDITABLE (self->preferences->host_row), *address = GTK_EDITABLE (self->preferences->address_row);
  g_autofree char *stored = NULL;

  g_assert_no_error (error);
  gtk_editable_set_text (host, "device.example");
  g_assert_cmpstr (get_text (client_bar, SOCKETEER_TYPE_CLIENT_BAR, "host_entry"), ==, "device.example");
  /* What is no host is said to be none, and not stored. */
  gtk_editable_set_text (host, "a b");
  g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (host), "error"));
  stored = g_settings_get_string (self->settings, "connect-host");
  g_assert_cmpstr (stored, ==, "device.example");
  gtk_editable_set_text (host, "::1");
  g_assert_false (gtk_widget_has_css_class (GTK_WIDGET (host), "error"));
  g_assert_cmpstr (get_text (client_bar, SOCKETEER_TYPE_CLIENT_BAR, "host_entry"), ==, "::1");
  gtk_spin_button_set_value (self->preferences->connect_port_spin, 1234);
  g_assert_cmpstr (get_text (client_bar, SOCKETEER_TYPE_CLIENT_BAR, "port_entry"), ==, "1234");
  gtk_spin_button_set_value (self->preferences->timeout_spin, 33);
  g_assert_cmpstr (get_text (client_bar, SOCKETEER_TYPE_CLIENT_BAR, "timeout_spin"), ==, "33");

  gtk_editable_set_text (address, "");
  g_assert_cmpstr (get_text (server_bar, SOCKETEER_TYPE_SERVER_BAR, "address_entry"), ==, "");
  gtk_editable_set_text (address, "0.0.0.0");
  g_assert_cmpstr (get_text (server_bar, SOCKETEER_TYPE_SERVER_BAR, "address_entry"), ==, "0.0.0.0");
  gtk_spin_button_set_value (self->preferences->listen_port_spin, 0);
  g_assert_cmpstr (get_text (server_bar, SOCKETEER_TYPE_SERVER_BAR, "port_entry"), ==, "0");
  gtk_spin_button_set_value (self->preferences->backlog_spin, 9);
  g_assert_cmpstr (get_text (server_bar, SOCKETEER_TYPE_SERVER_BAR, "backlog_spin"), ==, "9");
  gtk_switch_set_active (self->preferences->listen_again_switch, TRUE);
  g_assert_true (gtk_check_button_get_active (check_child (server_bar, SOCKETEER_TYPE_SERVER_BAR, "again_check")));

  /* What somebody has typed in the tab stays. */
  gtk_editable_set_text (check_child (server_bar, SOCKETEER_TYPE_SERVER_BAR, "port_entry"), "77");
  gtk_spin_button_set_value (self->preferences->listen_port_spin, 5);
  g_assert_cmpstr (get_text (server_bar, SOCKETEER_TYPE_SERVER_BAR, "port_entry"), ==, "77");
  /* By another program. */
  g_settings_set_string (self->settings, "connect-host", "other");
  g_assert_cmpstr (gtk_editable_get_text (host), ==, "other");
  close_page (server);
}

static void
test_keep_alive (Fixture *self, gconstpointer data)
{
  g_autofree char *text = NULL;
  SktSocketOptions options;

  g_settings_set_string (self->settings, "client-socket-options", "ttl=9");
  for (guint i = 0; i < 2; i++)
    {
      SocketeerKeepAliveRows *rows = &self->preferences->keep_alive[i];

      g_assert_false (adw_expander_row_get_enable_expansion (rows->row));
      adw_expander_row_set_enable_expansion (rows->row, TRUE);
      gtk_spin_button_set_value (rows->idle_spin, 60 + i);
      gtk_spin_button_set_value (rows->interval_spin, 5 + i);
      gtk_spin_button_set_value (rows->count_spin, 3 + i);
    }
  for (guint i = 0; i < 2; i++)
    {
      g_clear_pointer (&text, g_free);
      text = g_settings_get_string (self->settings, self->preferences->keep_alive[i].key);
      skt_socket_options_parse (&options, text);
      g_assert_true (options.keep_alive);
      g_assert_cmpuint (options.keep_idle_s, ==, 60 + i);
      g_assert_cmpuint (options.keep_interval_s, ==, 5 + i);
      g_assert_cmpuint (options.keep_count, ==, 3 + i);
      g_assert_cmpuint (options.ttl, ==, i == 0 ? 9 : 0);
    }
  /* The open client has them, for its next connection. */
  skt_session_get_socket_options (socketeer_page_get_session (self->page), &options);
  g_assert_true (options.keep_alive);
  g_assert_cmpuint (options.keep_idle_s, ==, 60);
  g_assert_cmpuint (options.ttl, ==, 9);

  /* Reset takes what is shown here, not the rest. */
  g_signal_emit_by_name (get_reset (self, "client_group"), "clicked");
  g_clear_pointer (&text, g_free);
  text = g_settings_get_string (self->settings, "client-socket-options");
  g_assert_cmpstr (text, ==, "no-delay=1 ttl=9");
  g_assert_false (gtk_widget_get_sensitive (get_reset (self, "client_group")));
  g_signal_emit_by_name (get_reset (self, "server_group"), "clicked");
  g_clear_pointer (&text, g_free);
  text = g_settings_get_string (self->settings, "server-socket-options");
  g_assert_cmpstr (text, ==, "");
  g_assert_false (adw_expander_row_get_enable_expansion (self->preferences->keep_alive[0].row));
}

/* -- Reset ----------------------------------------------------------------------------------------------------- */

static GtkWidget *
find_button (GtkWidget *widget, const char *label)
{
  if (GTK_IS_BUTTON (widget) && gtk_widget_get_mapped (widget) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_button (child, label);
      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
click_undo (Fixture *self)
{
  check_wait (find_button (GTK_WIDGET (self->preferences), "_Undo") != NULL);
  g_signal_emit_by_name (find_button (GTK_WIDGET (self->preferences), "_Undo"), "clicked");
}

static void
test_reset (Fixture *self, gconstpointer data)
{
  GtkWidget *button = get_reset (self, "columns_group");

  g_assert_false (gtk_widget_get_sensitive (button));
  gtk_switch_set_active (self->preferences->offset_switch, TRUE);
  adw_combo_row_set_selected (self->preferences->time_row, 3);
  g_settings_set_int (self->settings, "hex-bytes-per-row", 8);
  g_assert_true (gtk_widget_get_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
  g_assert_false (gtk_widget_get_sensitive (button));
  g_assert_false (gtk_switch_get_active (self->preferences->offset_switch));
  g_assert_cmpuint (adw_combo_row_get_selected (self->preferences->time_row), ==, 0);
  g_assert_false (self->view->columns.offset);
  g_assert_cmpint (self->view->time_column, ==, SOCKETEER_TIME_CLOCK);
  g_assert_null (g_settings_get_user_value (self->settings, "offset-column"));
  /* The other groups stay as they are. */
  g_assert_cmpuint (adw_combo_row_get_selected (self->preferences->width_row), ==, 0);

  click_undo (self);
  g_assert_true (gtk_switch_get_active (self->preferences->offset_switch));
  g_assert_true (self->view->columns.offset);
  g_assert_cmpuint (adw_combo_row_get_selected (self->preferences->time_row), ==, 3);
  g_assert_true (gtk_widget_get_sensitive (button));
}

static void
test_notifications (Fixture *self, gconstpointer data)
{
  g_assert_false (gtk_switch_get_active (self->preferences->notify_client_switch));
  g_assert_true (gtk_switch_get_active (self->preferences->notify_match_switch));
  g_assert_true (gtk_switch_get_active (self->preferences->notify_transfer_switch));
  gtk_switch_set_active (self->preferences->notify_client_switch, TRUE);
  gtk_switch_set_active (self->preferences->notify_match_switch, FALSE);
  gtk_switch_set_active (self->preferences->notify_transfer_switch, FALSE);
  g_assert_true (g_settings_get_boolean (self->settings, "notify-client-connected"));
  g_assert_false (g_settings_get_boolean (self->settings, "notify-match-found"));
  g_assert_false (g_settings_get_boolean (self->settings, "notify-transfer-done"));
}

/* -- Storage --------------------------------------------------------------------------------------------------- */

static gboolean
has_label (GtkWidget *widget, const char *part)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget) && strstr (gtk_label_get_text (GTK_LABEL (widget)), part) != NULL)
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (has_label (child, part))
      return TRUE;
  return FALSE;
}

static void
choose_folder (Fixture *self, const char *folder)
{
  GtkWidget *button = GTK_WIDGET (self->preferences->choose_button);

  _socketeer_preferences_choose_folder (self->preferences, folder);
  g_assert_false (gtk_widget_get_sensitive (button));
  check_wait (gtk_widget_get_sensitive (button));
}

static void
test_place (Fixture *self, gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("check-XXXXXX", NULL);
  g_autofree char *place = skt_retention_dup_place_in (folder);
  g_autofree char *file = g_build_filename (folder, "file", NULL);
  g_autofree char *usual = skt_journal_dup_sessions_path ();
  g_autofree char *parent = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) places = NULL;
  SocketeerPage *page;
  struct stat info;

  /* Where nothing can be kept: said, and nothing has changed. */
  g_assert_true (g_file_set_contents (file, "", 0, NULL));
  choose_folder (self, file);
  check_wait (has_label (GTK_WIDGET (self->preferences), "cannot be made"));
  g_assert_cmpstr (adw_action_row_get_subtitle (self->preferences->folder_row), ==, usual);

  choose_folder (self, folder);
  g_assert_cmpstr (adw_action_row_get_subtitle (self->preferences->folder_row), ==, place);
  g_assert_cmpint (g_stat (place, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);
  page = g_object_ref_sink (socketeer_page_new (self->engine, SOCKETEER_PAGE_CLIENT, &error));
  g_assert_no_error (error);
  parent = g_path_get_dirname (skt_journal_get_path (skt_session_get_journal (socketeer_page_get_session (page))));
  g_assert_cmpstr (parent, ==, place);
  close_page (page);

  /* Both places are looked at, the one that was left, too. */
  g_signal_emit_by_name (get_reset (self, "folder_group"), "clicked");
  g_assert_cmpstr (adw_action_row_get_subtitle (self->preferences->folder_row), ==, usual);
  places = socketeer_storage_dup_places ();
  g_assert_true (g_strv_contains ((const char *const *) places, usual));
  g_assert_true (g_strv_contains ((const char *const *) places, place));
  click_undo (self);
  g_assert_cmpstr (adw_action_row_get_subtitle (self->preferences->folder_row), ==, place);
  g_signal_emit_by_name (get_reset (self, "folder_group"), "clicked");
  g_assert_cmpint (g_rmdir (place), ==, 0);
  g_assert_cmpint (g_remove (file), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
send_something (SocketeerPage *page, guint16 port)
{
  g_autofree char *endpoint = g_strdup_printf ("127.0.0.1:%u", port);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("kept", 4);
  SktSession *session = socketeer_page_get_session (page);

  g_assert_true (socketeer_page_connect (page, endpoint));
  check_wait (skt_session_get_state (session) == SKT_STATE_CONNECTED);
  check_wait (skt_session_send (session, NULL, bytes, NULL, NULL));
  check_wait (skt_session_get_bytes_sent (session) == 4);
}

static void
reopen (Fixture *self)
{
  check_window_destroy (GTK_WIDGET (self->preferences));
  self->preferences = socketeer_preferences_new (NULL);
  adw_preferences_window_set_visible_page_name (ADW_PREFERENCES_WINDOW (self->preferences), "storage");
  gtk_window_present (GTK_WINDOW (self->preferences));
  check_wait (gtk_widget_get_mapped (GTK_WIDGET (self->preferences)));
}

static SocketeerPage *
add_used_page (Fixture *self, guint16 port)
{
  g_autoptr (GError) error = NULL;
  SocketeerPage *page = g_object_ref_sink (socketeer_page_new (self->engine, SOCKETEER_PAGE_CLIENT, &error));

  g_assert_no_error (error);
  send_something (page, port);
  return page;
}

static void
test_keep (Fixture *self, gconstpointer data)
{
  /* Nobody accepts: the kernel takes what comes. */
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  g_autofree char *deleted = NULL;
  g_autofree char *kept = NULL;
  g_autofree char *mark = NULL;
  SocketeerPage *page = add_used_page (self, port);

  /* At once, as nothing else was chosen. */
  deleted = g_strdup (skt_journal_get_path (skt_session_get_journal (socketeer_page_get_session (page))));
  close_page (page);
  check_wait (!g_file_test (deleted, G_FILE_TEST_EXISTS));
  g_assert_false (gtk_widget_get_sensitive (GTK_WIDGET (self->preferences->keep_limit_row)));

  gtk_spin_button_set_value (self->preferences->keep_days_spin, 7);
  g_assert_true (gtk_widget_get_sensitive (GTK_WIDGET (self->preferences->keep_limit_row)));
  page = add_used_page (self, port);
  kept = g_strdup (skt_journal_get_path (skt_session_get_journal (socketeer_page_get_session (page))));
  mark = g_build_filename (kept, "closed", NULL);
  close_page (page);
  check_wait (g_file_test (mark, G_FILE_TEST_EXISTS));

  reopen (self);
  check_wait (g_str_has_prefix (adw_action_row_get_subtitle (self->preferences->kept_row), "1 session, "));
  g_signal_emit_by_name (self->preferences->delete_kept_button, "clicked");
  g_assert_cmpstr (adw_action_row_get_subtitle (self->preferences->kept_row), ==, "Being deleted");
  click_undo (self);
  check_wait (gtk_widget_get_sensitive (GTK_WIDGET (self->preferences->delete_kept_button)));
  g_assert_true (g_file_test (kept, G_FILE_TEST_EXISTS));

  /* Who closes the window does not undo it. */
  g_signal_emit_by_name (self->preferences->delete_kept_button, "clicked");
  reopen (self);
  check_wait (!g_file_test (kept, G_FILE_TEST_EXISTS));
}

static void
looked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GPtrArray **paths = user_data;
  *paths = socketeer_storage_look_finish (result);
}

/* At the next start what is too old goes; sessions of a killed program are found in all places, and are no closed ones. */
static void
test_start (Fixture *self, gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("check-XXXXXX", NULL);
  g_autofree char *place = skt_retention_dup_place_in (folder);
  g_autofree char *old = g_build_filename (place, "old", NULL);
  g_autofree char *killed = g_build_filename (place, "killed", NULL);
  g_autofree char *mark = g_build_filename (old, "closed", NULL);
  g_autoptr (GPtrArray) paths = NULL;
  gint64 eight_days_ago = g_get_real_time () / G_USEC_PER_SEC - 8 * 24 * 60 * 60;
  SktJournal *journal;

  choose_folder (self, folder);
  g_settings_set_int (self->settings, "keep-closed-days", 7);
  skt_journal_unref (skt_journal_create (killed, NULL));
  journal = skt_journal_create (old, NULL);
  skt_journal_set_mark_on_free (journal, TRUE);
  skt_journal_unref (journal);
  g_assert_cmpint (utimensat (AT_FDCWD, mark, (struct timespec[]){ { eight_days_ago, 0 }, { eight_days_ago, 0 } }, 0), ==, 0);
  socketeer_storage_set_place (NULL);

  socketeer_storage_look_async (looked_cb, &paths);
  check_wait (paths != NULL);
  g_assert_false (g_file_test (old, G_FILE_TEST_EXISTS));
  g_assert_true (g_ptr_array_find_with_equal_func (paths, killed, g_str_equal, NULL));
  g_assert_true (skt_journal_delete (killed, NULL));
  g_assert_cmpint (g_rmdir (place), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  check_ui_init (&argc, &argv);
  ADD ("/ui/preferences/text", test_text);
  ADD ("/ui/preferences/remember", test_remember);
  ADD ("/ui/preferences/font", test_font);
  ADD ("/ui/preferences/columns", test_columns);
  ADD ("/ui/preferences/colors", test_colors);
  g_test_add_func ("/ui/preferences/contrast", test_contrast);
  ADD ("/ui/preferences/addresses", test_addresses);
  ADD ("/ui/preferences/keep-alive", test_keep_alive);
  ADD ("/ui/preferences/reset", test_reset);
  ADD ("/ui/preferences/notifications", test_notifications);
  ADD ("/ui/preferences/place", test_place);
  ADD ("/ui/preferences/keep", test_keep);
  ADD ("/ui/preferences/start", test_start);
  return g_test_run ();
}
