/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "skt-tab-store.h"

#include "check-net.h"

#include <glib/gstdio.h>
#include <string.h>

/* What is kept of the tabs, and its file. */

typedef struct
{
  char *folder, *path;
  GPtrArray *windows; /* what is open */
  guint n_collected;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("skt-tabs-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "tabs.json", NULL);
  self->windows = g_ptr_array_new_with_free_func ((GDestroyNotify) skt_tab_window_free);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_autofree char *aside = g_strconcat (self->path, ".bad-1", NULL);

  g_unlink (aside);
  g_unlink (self->path);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_ptr_array_unref (self->windows);
  g_free (self->folder);
  g_free (self->path);
}

static GPtrArray *
collect_cb (gpointer user_data)
{
  Fixture *self = user_data;
  self->n_collected++;
  return g_ptr_array_ref (self->windows);
}

static void
set_text (char **text, const char *value)
{
  g_free (*text);
  *text = g_strdup (value);
}

static SktTab *
make_tab (void)
{
  SktTab *tab = skt_tab_new (SKT_TAB_SERVER);

  set_text (&tab->host, "::1");
  set_text (&tab->port, "not a port");
  set_text (&tab->socket_options, "keep-alive=1 idle=60");
  set_text (&tab->allow, "10.0.0.0/8");
  set_text (&tab->view, "hex");
  set_text (&tab->frame_rule, "length 2");
  set_text (&tab->source, "half \xe4\xbd\xa0\n\\x4");
  tab->backlog = 7;
  tab->echo = tab->no_reuse = TRUE;
  tab->no_delay = FALSE;
  tab->max_connections = 3;
  tab->message = (SktMessageSettings){ .form = SKT_MESSAGE_HEX, .encoding = SKT_ENCODING_GBK, .ending = SKT_LINE_ENDING_CRLF,
                                       .has_escapes = TRUE, .has_checksum = TRUE, .checksum = 3, .checksum_begin = -2,
                                       .checksum_end = -1, .checksum_is_little = TRUE };
  return tab;
}

static void
assert_same (const SktTab *a, const SktTab *b)
{
  g_autoptr (JsonObject) json_a = skt_tab_to_json (a), json_b = skt_tab_to_json (b);
  g_autofree char *text_a = skt_json_format (json_a, NULL), *text_b = skt_json_format (json_b, NULL);

  g_assert_cmpstr (text_a, ==, text_b);
}

static void
test_json (void)
{
  g_autoptr (SktTab) tab = make_tab (), back = NULL, empty = NULL, client = skt_tab_new (SKT_TAB_CLIENT);
  g_autoptr (JsonObject) json = skt_tab_to_json (tab), nothing = json_object_new ();
  g_autoptr (GError) error = NULL;

  back = skt_tab_from_json (json, &error);
  g_assert_no_error (error);
  assert_same (tab, back);
  g_assert_cmpint (back->kind, ==, SKT_TAB_SERVER);
  g_assert_cmpstr (back->port, ==, "not a port");
  g_assert_cmpstr (back->source, ==, tab->source);
  g_assert_cmpint (back->message.encoding, ==, SKT_ENCODING_GBK);
  g_assert_cmpint (back->message.checksum, ==, 3);
  g_assert_cmpint (back->message.checksum_begin, ==, -2);
  g_assert_true (back->echo && back->no_reuse && !back->no_delay && back->message.checksum_is_little);
  empty = skt_tab_from_json (nothing, &error);
  g_assert_no_error (error);
  assert_same (empty, client);
  g_assert_cmpstr (empty->source, ==, "");
}

static void
test_json_hostile (void)
{
  static const char *const bad[] = {
    "{\"kind\": \"relay\"}", "{\"kind\": 1}", "{\"port\": 7}",         "{\"backlog\": 0}",      "{\"timeout\": -1}",
    "{\"echo\": \"yes\"}",   "{\"form\": 3}", "{\"line-ending\": \"\"}", "{\"bytes-per-row\": 99999999999}",
  };
  g_autofree char *long_text = g_strnfill (SKT_TAB_MAX_TEXT + 1, 'x');
  g_autoptr (JsonObject) json = json_object_new (), kept = NULL;
  g_autoptr (SktTab) tab = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (JsonObject) object = skt_json_parse (bad[i], -1, &error);
      g_assert_no_error (error);
      g_assert_null (skt_tab_from_json (object, &error));
      g_assert_nonnull (error);
      g_clear_error (&error);
    }
  /* Too long is left out, both ways; a checksum nobody knows is none. */
  json_object_set_string_member (json, "source", long_text);
  json_object_set_string_member (json, "checksum", "crc-99/unknown");
  json_object_set_boolean_member (json, "has-checksum", TRUE);
  tab = skt_tab_from_json (json, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (tab->source, ==, "");
  g_assert_false (tab->message.has_checksum);
  set_text (&tab->source, long_text);
  kept = skt_tab_to_json (tab);
  g_assert_false (json_object_has_member (kept, "source"));
}

static void
test_title (void)
{
  static const struct { SktTabKind kind; const char *host, *port, *title; } cases[] = {
    { SKT_TAB_CLIENT, "plc", "502", "→ plc:502" }, { SKT_TAB_CLIENT, "::1", "80", "→ [::1]:80" },
    { SKT_TAB_SERVER, "", "7788", "⇠ :7788" },     { SKT_TAB_CLIENT, "", "80", NULL },
    { SKT_TAB_CLIENT, "plc", "", NULL },           { SKT_TAB_SERVER, "127.0.0.1", "0", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *title = skt_tab_dup_title (cases[i].kind, cases[i].host, cases[i].port);
      g_assert_cmpstr (title, ==, cases[i].title);
    }
}

static void
add_window (Fixture *self, int width, guint n_tabs, guint selected)
{
  SktTabWindow *window = skt_tab_window_new ();

  window->width = width;
  window->height = 400;
  window->selected = selected;
  for (guint i = 0; i < n_tabs; i++)
    g_ptr_array_add (window->tabs, make_tab ());
  g_ptr_array_add (self->windows, window);
}

static void
test_file (Fixture *self, gconstpointer data)
{
  SktTabStore *store = skt_tab_store_new (self->path);
  g_autoptr (GPtrArray) read = skt_tab_store_steal_windows (store), again = NULL;
  SktTabWindow *window;
  GStatBuf info;

  g_assert_cmpuint (read->len, ==, 0);
  /* Nothing is written before somebody says what is open. */
  skt_tab_store_changed (store);
  skt_tab_store_set_collect (store, collect_cb, self);
  g_assert_cmpuint (self->n_collected, ==, 0);

  add_window (self, 640, 2, 1);
  add_window (self, 800, 0, 0);
  /* However many changes there are, it is one file. */
  for (guint i = 0; i < 1000; i++)
    skt_tab_store_changed (store);
  g_assert_cmpuint (self->n_collected, ==, 0);
  check_wait (g_file_test (self->path, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (self->n_collected, ==, 1);
  g_assert_cmpint (g_stat (self->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);

  /* At the end what has changed is written at once, and nothing after it. */
  g_ptr_array_set_size (self->windows, 1);
  skt_tab_store_changed (store);
  skt_tab_store_set_collect (store, NULL, NULL);
  g_assert_cmpuint (self->n_collected, ==, 2);
  g_ptr_array_set_size (self->windows, 0);
  skt_tab_store_changed (store);
  g_assert_finalize_object (store);

  store = skt_tab_store_new (self->path);
  again = skt_tab_store_steal_windows (store);
  g_assert_cmpuint (again->len, ==, 1);
  window = again->pdata[0];
  g_assert_cmpint (window->width, ==, 640);
  g_assert_cmpint (window->height, ==, 400);
  g_assert_cmpuint (window->selected, ==, 1);
  g_assert_cmpuint (window->tabs->len, ==, 2);
  g_assert_finalize_object (store);
}

/* Returns what is said of the file. */
static char *
read_problem (Fixture *self, const char *text, guint *ret_n_windows, guint *ret_n_tabs)
{
  SktTabStore *store;
  g_autoptr (GPtrArray) windows = NULL;
  char *problem;

  g_assert_true (g_file_set_contents (self->path, text, -1, NULL));
  store = skt_tab_store_new (self->path);
  windows = skt_tab_store_steal_windows (store);
  *ret_n_windows = windows->len;
  *ret_n_tabs = 0;
  for (guint i = 0; i < windows->len; i++)
    *ret_n_tabs += ((SktTabWindow *) windows->pdata[i])->tabs->len;
  g_object_get (store, "problem", &problem, NULL);
  g_object_unref (store);
  return problem;
}

static void
test_damaged (Fixture *self, gconstpointer data)
{
  guint n_windows, n_tabs;
  g_autofree char *problem = read_problem (
    self,
    "{\"format\": \"socketeer-tabs\", \"version\": 1, \"windows\": [5, {\"width\": -3, \"selected\": 9, \"tabs\": [7, {\"kind\": \"client\", "
    "\"host\": \"good\"}, {\"backlog\": \"x\"}]}, {\"tabs\": {}}]}",
    &n_windows, &n_tabs);
  g_autofree char *aside = g_strconcat (self->path, ".bad-1", NULL);

  g_assert_nonnull (strstr (problem, aside));
  g_assert_true (g_file_test (aside, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (n_windows, ==, 2);
  g_assert_cmpuint (n_tabs, ==, 1);
}

static void
test_newer (Fixture *self, gconstpointer data)
{
  guint n_windows, n_tabs;
  const char *text = "{\"format\": \"socketeer-tabs\", \"version\": 2, \"windows\": [{\"tabs\": [{}]}]}";
  g_autofree char *problem = read_problem (self, text, &n_windows, &n_tabs);
  g_autofree char *aside = g_strconcat (self->path, ".bad-1", NULL);
  g_autofree char *kept = NULL;

  g_assert_nonnull (strstr (problem, "newer version"));
  g_assert_cmpuint (n_windows, ==, 0);
  g_assert_true (g_file_get_contents (aside, &kept, NULL, NULL));
  g_assert_cmpstr (kept, ==, text);
}

static void
test_many (Fixture *self, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new ("{\"format\": \"socketeer-tabs\", \"version\": 1, \"windows\": [{\"tabs\": [{}");
  g_autofree char *problem = NULL;
  guint n_windows, n_tabs;

  for (guint i = 0; i < SKT_TAB_MAX + 5; i++)
    g_string_append (text, ", {}");
  g_string_append (text, "]}]}");
  problem = read_problem (self, text->str, &n_windows, &n_tabs);
  g_assert_null (problem);
  g_assert_cmpuint (n_tabs, ==, SKT_TAB_MAX);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/tabs/json", test_json);
  g_test_add_func ("/core/tabs/json-hostile", test_json_hostile);
  g_test_add_func ("/core/tabs/title", test_title);
  g_test_add ("/core/tabs/file", Fixture, NULL, set_up, test_file, tear_down);
  g_test_add ("/core/tabs/damaged", Fixture, NULL, set_up, test_damaged, tear_down);
  g_test_add ("/core/tabs/newer", Fixture, NULL, set_up, test_newer, tear_down);
  g_test_add ("/core/tabs/many", Fixture, NULL, set_up, test_many, tear_down);
  return g_test_run ();
}
