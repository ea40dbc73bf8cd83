/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-ui.h"
#include "socketeer-answer-dialog.h"
#include "socketeer-page-private.h"
#include "socketeer-preset-chooser.h"
#include "socketeer-save-dialog.h"
#include "socketeer-settings.h"
#include "socketeer-step-dialog.h"
#include "socketeer-stores.h"
#include "socketeer-window.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <libintl.h>
#include <locale.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* How narrow all can be, and that nothing is cut then or forgotten by the translation: in English and in the pseudo-locale, whose
 * strings are two fifths longer and in “[…]”. */

#define NARROW 360
/* U+200E, left-to-right mark */
#define LRM "\xE2\x80\x8E"
#define LOW 640
/* What a window without a compositor is larger than what is in it. */
#define SHADOWS 10

static char *locale_folder;

typedef struct
{
  SktEngine *engine;
  SocketeerWindow *window;
  SocketeerPage *client, *server;
  gboolean is_pseudo;
} Fixture;

/* -- The pseudo-locale ------------------------------------------------------------------------------------------ */

static void
make_locale (void)
{
  g_autofree char *source = g_test_build_filename (G_TEST_DIST, "..", "..", NULL);
  g_autofree char *script = g_build_filename (source, "build-aux", "pseudo-locale", NULL);
  g_autofree char *catalog = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  locale_folder = g_dir_make_tmp ("skt-locale-XXXXXX", &error);
  g_assert_no_error (error);
  catalog = g_build_filename (locale_folder, "en_XA", "LC_MESSAGES", GETTEXT_PACKAGE ".mo", NULL);
  const char *arguments[] = { script, source, catalog, NULL };
  g_spawn_sync (NULL, (char **) arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
  bindtextdomain (GETTEXT_PACKAGE, locale_folder);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

static void
remove_locale (void)
{
  static const char *const paths[] = { "en_XA/LC_MESSAGES/" GETTEXT_PACKAGE ".mo", "en_XA/LC_MESSAGES", "en_XA", "" };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *path = g_build_filename (locale_folder, paths[i], NULL);
      g_remove (path);
    }
  g_clear_pointer (&locale_folder, g_free);
}

/* gettext looks at LANGUAGE again when the locale or a domain is set. */
static void
set_language (const char *language)
{
  g_setenv ("LANGUAGE", language, TRUE);
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, locale_folder);
  g_assert_cmpint (strchr (g_dgettext (GETTEXT_PACKAGE, "Preferences"), '[') != NULL, ==, g_str_equal (language, "en_XA"));
}

/* -- A window ----------------------------------------------------------------------------------------------------- */

static void
set_up (Fixture *self, gconstpointer data)
{
  const char *language = data;

  self->is_pseudo = g_str_equal (language, "en_XA");
  set_language (language);
  self->engine = skt_engine_new ();
  self->window = socketeer_window_new (NULL, self->engine);
  gtk_window_set_default_size (GTK_WINDOW (self->window), NARROW + SHADOWS, LOW + SHADOWS);
  gtk_window_present (GTK_WINDOW (self->window));
  check_wait (gtk_widget_get_mapped (GTK_WIDGET (self->window)));
  check_frames (GTK_WIDGET (self->window), 3);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  static const char *const keys[] = { "connection-pane", "tool-pane", "tool-pane-page", "connection-pane-page", "inspector",
                                      "send-options",    "mode",      "view" };
  gpointer weak = self->window;

  socketeer_window_close_pages (self->window);
  g_object_add_weak_pointer (G_OBJECT (self->window), &weak);
  gtk_window_destroy (GTK_WINDOW (self->window));
  check_wait (weak == NULL);
  check_wait (!check_has_sessions ());
  skt_engine_stop (self->engine);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (self->engine);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    g_settings_reset (socketeer_settings_get (), keys[i]);
  set_language ("C");
}

static void
settle (Fixture *self)
{
  check_run_for (300); /* the panes slide */
  check_frames (GTK_WIDGET (self->window), 4);
}

/* -- Widths ----------------------------------------------------------------------------------------------------------- */

static int
get_minimum (GtkWidget *widget)
{
  int minimum;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  return minimum;
}

/* Who is to blame: down to those of which no child is as wide. */
static void
tell_wide (GtkWidget *widget, int limit, int depth)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (gtk_widget_get_visible (child) && !GTK_IS_NATIVE (child) && get_minimum (child) > limit)
      {
        g_test_message ("%*s%s %s: %d", depth, "", G_OBJECT_TYPE_NAME (child), gtk_buildable_get_buildable_id (GTK_BUILDABLE (child)),
                        get_minimum (child));
        if (depth > 18)
          for (GtkWidget *part = gtk_widget_get_first_child (child); part != NULL; part = gtk_widget_get_next_sibling (part))
            g_test_message ("%*s  - %s %d", depth, "", G_OBJECT_TYPE_NAME (part), get_minimum (part));
        tell_wide (child, limit, depth + 1);
      }
}

static void
assert_narrow (GtkWidget *widget, const char *what)
{
  int width = get_minimum (widget);

  g_test_message ("%s needs %d px", what, width);
  if (width > NARROW)
    {
      tell_wide (widget, NARROW, 0);
      g_test_fail ();
    }
}

/* -- Labels -------------------------------------------------------------------------------------------------------- */

static gboolean
has_tip (GtkWidget *widget)
{
  for (; widget != NULL && !GTK_IS_NATIVE (widget); widget = gtk_widget_get_parent (widget))
    if (gtk_widget_get_has_tooltip (widget))
      return TRUE;
  return FALSE;
}

/* Is it drawn with less room than its text needs, and nothing tells so? */
static gboolean
is_cut (GtkLabel *label)
{
  PangoLayout *layout = gtk_label_get_layout (label);
  int width = gtk_widget_get_width (GTK_WIDGET (label)), text_width;

  if (pango_layout_is_ellipsized (layout))
    return !has_tip (GTK_WIDGET (label));
  pango_layout_get_pixel_size (layout, &text_width, NULL);
  return text_width > width + 1;
}

/* Without any it is a number, or an abbreviation such as MAC or SYN-SENT. */
static gboolean
has_small_letters (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (g_unichar_islower (g_utf8_get_char (text)))
      return TRUE;
  return FALSE;
}

/* Names, units, addresses and examples, which are the same in every language. */
static gboolean
is_for_everybody (const char *text)
{
  static const char *const patterns[] = {
    "Socketeer", "Base64", "UTF-*", "GB*", "Big5*", "Shift*", "EUC*", "ISO*", "Windows*", "ASCII", "Latin*", "KOI8*", "IBM*", "LF *", "CR *",
    "CRLF *", "NUL *", "Aa", "ms", "*127.0.0.1*", "* B", "* B/s", "*iB", "* B *", "int*", "uint*", "float*", "F1?", "Ctrl*", "0x*",
    "U+*", "CRC*", "SHA*", "MD5*", "IPv*", "TCP*", "UDP*", "*::*", "* ms", "* us", "* s", "SO_*", "bbr", "cubic", "reno"
  };

  for (guint i = 0; i < G_N_ELEMENTS (patterns); i++)
    if (g_pattern_match_simple (patterns[i], text))
      return TRUE;
  return !has_small_letters (text);
}

static void
check_label (Fixture *self, GtkLabel *label, const char *what)
{
  const char *text = gtk_label_get_text (label);

  /* A tab has its own way to be short, and a tooltip; the title of a dialog is the button that has opened it. */
  if (gtk_widget_get_ancestor (GTK_WIDGET (label), ADW_TYPE_TAB_BAR) != NULL ||
      (gtk_widget_has_css_class (GTK_WIDGET (label), "title") && gtk_widget_get_ancestor (GTK_WIDGET (label), GTK_TYPE_WINDOW_HANDLE) != NULL))
    return;
  if (*text == '\0' || !gtk_widget_get_child_visible (GTK_WIDGET (label)))
    return;
  if (is_cut (label))
    {
      g_test_message ("%s: “%s” is cut (%d px) and has no tooltip", what, text, gtk_widget_get_width (GTK_WIDGET (label)));
      g_test_fail ();
    }
  if (self->is_pseudo && strchr (text, '[') == NULL && !is_for_everybody (text))
    {
      g_test_message ("%s: “%s” is not translated", what, text);
      g_test_fail ();
    }
}

static void
check_labels (Fixture *self, GtkWidget *widget, const char *what)
{
  if (!gtk_widget_get_mapped (widget) || gtk_widget_get_width (widget) <= 0)
    return;
  if (GTK_IS_LABEL (widget))
    check_label (self, GTK_LABEL (widget), what);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    check_labels (self, child, what);
}

/* The page is in the window, from its first line to its last. */
static void
check_bounds (Fixture *self, GtkWidget *content, const char *what)
{
  SocketeerPage *const pages[] = { self->client, self->server };
  graphene_rect_t bounds;

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    if (pages[i] != NULL && gtk_widget_get_mapped (GTK_WIDGET (pages[i])))
      {
        g_assert_true (gtk_widget_compute_bounds (GTK_WIDGET (pages[i]), content, &bounds));
        g_assert_cmpfloat (bounds.origin.y, >=, 0);
        g_assert_true (gtk_widget_compute_bounds (GTK_WIDGET (pages[i]->status_bar), content, &bounds));
        g_assert_cmpfloat (bounds.origin.y + bounds.size.height, <=, MAX (LOW, gtk_widget_get_height (content)));
        if (gtk_widget_get_mapped (GTK_WIDGET (pages[i]->composer)))
          {
            float top = bounds.origin.y;
            g_assert_true (gtk_widget_compute_bounds (GTK_WIDGET (pages[i]->composer), content, &bounds));
            g_assert_cmpfloat (bounds.origin.y + bounds.size.height, <=, top);
          }
      }
}

/* `extra`: px of height that something has which is not always shown: for that a window may grow. */
static void
check_looks (Fixture *self, const char *what, int extra)
{
  GtkWidget *content = adw_application_window_get_content (ADW_APPLICATION_WINDOW (self->window));
  int minimum;

  settle (self);
  assert_narrow (content, what);
  gtk_widget_measure (content, GTK_ORIENTATION_VERTICAL, MAX (NARROW, get_minimum (content)), &minimum, NULL, NULL, NULL);
  g_test_message ("%s needs %d px of height; is %d x %d", what, minimum, gtk_widget_get_width (content), gtk_widget_get_height (content));
  if (minimum > LOW + extra && !self->is_pseudo)
    g_test_fail ();
  check_labels (self, GTK_WIDGET (self->window), what);
  check_bounds (self, content, what);
}

/* -- Cases ----------------------------------------------------------------------------------------------------------- */

static void
test_start (Fixture *self, gconstpointer data)
{
  check_looks (self, "the start page", 0);
}

static void
add_pages (Fixture *self)
{
  g_autofree char *endpoint = NULL;
  SktSession *session;

  self->server = socketeer_window_add_page (self->window, SOCKETEER_PAGE_SERVER);
  session = socketeer_page_get_session (self->server);
  g_assert_true (socketeer_page_listen (self->server, "127.0.0.1:0"));
  check_wait (skt_session_get_state (session) == SKT_STATE_LISTENING && skt_session_get_target (session) != NULL);
  endpoint = g_strdup (skt_session_get_target (session));
  socketeer_page_set_echo (self->server, TRUE);
  self->client = socketeer_window_add_page (self->window, SOCKETEER_PAGE_CLIENT);
  g_assert_true (socketeer_page_connect (self->client, endpoint));
  session = socketeer_page_get_session (self->client);
  check_wait (skt_session_get_state (session) == SKT_STATE_CONNECTED);
  g_assert_true (socketeer_page_send_text (self->client, "hello"));
  check_wait (skt_session_get_bytes_received (session) == 5);
}

static void
select_page (Fixture *self, SocketeerPage *page)
{
  GtkWidget *view = gtk_widget_get_ancestor (GTK_WIDGET (page), ADW_TYPE_TAB_VIEW);
  adw_tab_view_set_selected_page (ADW_TAB_VIEW (view), adw_tab_view_get_page (ADW_TAB_VIEW (view), GTK_WIDGET (page)));
}

static void
test_pages (Fixture *self, gconstpointer data)
{
  socketeer_window_add_page (self->window, SOCKETEER_PAGE_CLIENT);
  check_looks (self, "a new client page", 0);
  socketeer_window_add_page (self->window, SOCKETEER_PAGE_SERVER);
  check_looks (self, "a new server page", 0);
  add_pages (self);
  check_looks (self, "a client page", 0);
  select_page (self, self->server);
  check_looks (self, "a server page", 0);
  g_assert_true (socketeer_split_is_stacked (self->server->side_split));
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (self->server->list_button)));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (self->server->connection_list)));
  gtk_toggle_button_set_active (self->server->list_button, TRUE);
  check_looks (self, "a server page with its clients", 0);
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (self->server->connection_list)));
}

static void
test_panes (Fixture *self, gconstpointer data)
{
  static const char *const all[][3] = {
    { "send-options", NULL, NULL },
    { "inspector", "inspector-page", "cursor" },
    { "inspector", "inspector-page", "selection" },
    { "tool-pane", "tool-pane-page", "presets" },
    { "tool-pane", "tool-pane-page", "sequences" },
    { "tool-pane", "tool-pane-page", "answers" },
    { "connection-pane", "connection-pane-page", "summary" },
    { "connection-pane", "connection-pane-page", "kernel" },
    { "connection-pane", "connection-pane-page", "control" },
    { "connection-pane", "connection-pane-page", "life" },
    { "connection-pane", "connection-pane-page", "log" },
  };

  add_pages (self);
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_autofree char *what = g_strjoin (" ", "a client page with", all[i][0], all[i][2], NULL);

      if (all[i][1] != NULL)
        g_settings_set_string (socketeer_settings_get (), all[i][1], all[i][2]);
      g_settings_set_boolean (socketeer_settings_get (), all[i][0], TRUE);
      check_looks (self, what, i == 0 ? 100 : 0);
      g_settings_set_boolean (socketeer_settings_get (), all[i][0], FALSE);
    }
}

static void
test_bars (Fixture *self, gconstpointer data)
{
  add_pages (self);
  socketeer_page_find (self->client);
  check_looks (self, "a client page with the find bar", 60);
  socketeer_page_set_mode (self->client, SKT_MODE_FRAMES);
  socketeer_page_set_view (self->client, SKT_VIEW_HEX);
  check_looks (self, "a client page with frames and hex", 120);
}

static void
test_right_to_left (Fixture *self, gconstpointer data)
{
  graphene_rect_t icon, label;
  g_autofree char *detail = NULL;

  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  add_pages (self);
  settle (self);
  /* The interface is mirrored… */
  g_assert_true (gtk_widget_compute_bounds (GTK_WIDGET (self->client->state_image), GTK_WIDGET (self->client), &icon));
  g_assert_true (gtk_widget_compute_bounds (GTK_WIDGET (self->client->state_label), GTK_WIDGET (self->client), &label));
  g_assert_cmpfloat (icon.origin.x, >, label.origin.x);
  /* …and what is said of bytes and addresses is not. */
  detail = g_strdup (gtk_label_get_text (self->client->detail_label));
  g_assert_true (g_str_has_prefix (detail, LRM));
  g_assert_true (g_str_has_prefix (socketeer_page_get_title (self->client), LRM));
  g_assert_true (g_str_has_prefix (socketeer_page_get_title (self->server), LRM));
  g_assert_cmpint (gtk_widget_get_direction (check_child (self->client->composer, SOCKETEER_TYPE_COMPOSER, "text_view")), ==, GTK_TEXT_DIR_LTR);
  g_assert_cmpint (gtk_widget_get_direction (check_child (self->client->composer, SOCKETEER_TYPE_COMPOSER, "other_entry")), ==, GTK_TEXT_DIR_LTR);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

/* Popovers may be larger than the window, but not than a narrow screen. */
static void
check_popovers (GtkWidget *widget)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      if (GTK_IS_POPOVER (child) && !GTK_IS_POPOVER_MENU (child) && !GTK_IS_DROP_DOWN (widget))
        {
          g_autofree char *what = g_strdup_printf ("the popover of %s %s", G_OBJECT_TYPE_NAME (widget), gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget)));
          assert_narrow (gtk_popover_get_child (GTK_POPOVER (child)), what);
        }
      check_popovers (child);
    }
}

static void
test_popovers (Fixture *self, gconstpointer data)
{
  add_pages (self);
  check_popovers (GTK_WIDGET (self->client));
  check_popovers (GTK_WIDGET (self->server));
}

/* `dialog` (transfer full): an AdwWindow. */
static void
check_dialog (Fixture *self, gpointer dialog, const char *what)
{
  gpointer weak = dialog;

  gtk_window_set_default_size (GTK_WINDOW (dialog), NARROW, LOW);
  gtk_window_present (GTK_WINDOW (dialog));
  check_wait (gtk_widget_get_mapped (GTK_WIDGET (dialog)));
  check_frames (GTK_WIDGET (dialog), 4);
  assert_narrow (adw_window_get_content (ADW_WINDOW (dialog)), what);
  check_labels (self, GTK_WIDGET (dialog), what);
  g_object_add_weak_pointer (G_OBJECT (dialog), &weak);
  gtk_window_destroy (GTK_WINDOW (dialog));
  check_wait (weak == NULL);
}

static void
test_dialogs (Fixture *self, gconstpointer data)
{
  GtkWindow *parent = GTK_WINDOW (self->window);

  check_dialog (self, socketeer_save_dialog_new (parent, TRUE, FALSE, 2), "the dialog for saving");
  check_dialog (self, socketeer_answer_dialog_new (parent, NULL, SKT_ENCODING_UTF_8), "the dialog for an answer");
  check_dialog (self, socketeer_preset_chooser_new (parent, socketeer_stores_get_presets ()), "the dialog with presets");
  for (SktStepKind kind = SKT_STEP_SEND; kind < SKT_N_STEP_KINDS; kind++)
    check_dialog (self, socketeer_step_dialog_new (parent, kind, NULL, 1), "the dialog for a step");
}

int
main (int argc, char *argv[])
{
  static const char *const languages[] = { "C", "en_XA" };
  g_autoptr (GtkCssProvider) style = gtk_css_provider_new ();
  int status;

  check_ui_init (&argc, &argv);
  make_locale ();
  gtk_css_provider_load_from_resource (style, APP_PATH "/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (style), GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    {
#define add(name, func) \
  G_STMT_START \
  { \
    g_autofree char *path = g_strconcat ("/ui/looks/", name, "/", languages[i], NULL); \
    g_test_add (path, Fixture, languages[i], set_up, func, tear_down); \
  } \
  G_STMT_END
      add ("start", test_start);
      add ("pages", test_pages);
      add ("panes", test_panes);
      add ("bars", test_bars);
      add ("popovers", test_popovers);
      add ("right-to-left", test_right_to_left);
      add ("dialogs", test_dialogs);
#undef add
    }
  status = g_test_run ();
  remove_locale ();
  return status;
}
