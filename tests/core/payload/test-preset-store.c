/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "skt-preset-store.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

typedef struct
{
  char *folder, *path;
} Place;

static void
set_up (Place *place, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  place->folder = g_dir_make_tmp ("skt-presets-XXXXXX", &error);
  g_assert_no_error (error);
  place->path = g_build_filename (place->folder, "socketeer", "presets.json", NULL);
}

static void
remove_all_in (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_unlink (path);
    }
  g_rmdir (folder);
}

static void
tear_down (Place *place, gconstpointer data)
{
  g_autofree char *inner = g_path_get_dirname (place->path);

  remove_all_in (inner);
  remove_all_in (place->folder);
  g_free (place->path);
  g_free (place->folder);
}

static SktPreset *
make (const char *name, const char *group, SktPresetKey key, SktPresetColour colour)
{
  g_autoptr (SktMessage) message = skt_message_new (&(SktMessageSettings){ .source = name }, NULL, NULL);
  return skt_preset_new (&(SktPresetSettings){ .id = name, .name = name, .group = group, .key = key, .colour = colour, .message = message });
}

static void
add (SktPresetStore *store, const char *name, const char *group)
{
  g_autoptr (SktPreset) preset = make (name, group, SKT_PRESET_KEY_NONE, SKT_PRESET_COLOUR_NONE);
  skt_preset_store_insert (store, preset, G_MAXUINT);
}

/* "a b | c" for a, b in the first group and c in the next. */
static char *
dup_order (SktPresetStore *store)
{
  GString *order = g_string_new (NULL);
  g_autofree char *group = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (store)); i++)
    {
      g_autoptr (SktPreset) preset = g_list_model_get_item (G_LIST_MODEL (store), i);

      if (i > 0)
        g_string_append (order, g_str_equal (group, skt_preset_get_group (preset)) ? " " : " | ");
      g_string_append (order, skt_preset_get_name (preset));
      g_free (group);
      group = g_strdup (skt_preset_get_group (preset));
    }
  return g_string_free (order, FALSE);
}

static void
check_order (SktPresetStore *store, const char *expected)
{
  g_autofree char *order = dup_order (store);
  g_assert_cmpstr (order, ==, expected);
}

/* A copy made from what is told. */
static void
mirror_cb (GListModel *model, guint position, guint removed, guint added, gpointer user_data)
{
  GPtrArray *mirror = user_data;

  g_assert_cmpuint (removed + added, >, 0);
  if (removed > 0)
    g_ptr_array_remove_range (mirror, position, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (mirror, position + i, g_list_model_get_item (model, position + i));
}

static void
check_mirror (SktPresetStore *store, GPtrArray *mirror)
{
  g_assert_cmpuint (mirror->len, ==, g_list_model_get_n_items (G_LIST_MODEL (store)));
  for (guint i = 0; i < mirror->len; i++)
    {
      g_autoptr (SktPreset) preset = g_list_model_get_item (G_LIST_MODEL (store), i);
      g_assert_true (preset == mirror->pdata[i]);
    }
}

static void
test_order (void)
{
  g_autoptr (SktPresetStore) store = skt_preset_store_new (NULL);
  g_auto (GStrv) groups = NULL;

  add (store, "a", "");
  add (store, "x", "X");
  add (store, "b", "");
  add (store, "y", "X");
  add (store, "z", "Z");
  check_order (store, "a b | x y | z");
  groups = skt_preset_store_dup_groups (store);
  g_assert_cmpstrv (groups, ((const char *const[]){ "", "X", "Z", NULL }));

  skt_preset_store_move (store, "y", "X", "x");
  check_order (store, "a b | y x | z");
  skt_preset_store_move (store, "y", "X", NULL);
  check_order (store, "a b | x y | z");
  skt_preset_store_move (store, "a", "Z", "z");
  check_order (store, "b | x y | a z");
  skt_preset_store_move (store, "z", "New", "y"); /* not inside of another group */
  check_order (store, "b | x y | z | a");
  skt_preset_store_move (store, "b", "X", "not there");
  check_order (store, "x y b | z | a");

  g_assert_true (skt_preset_store_step (store, "b", -1));
  check_order (store, "x b y | z | a");
  g_assert_true (skt_preset_store_step (store, "b", 1));
  check_order (store, "x y b | z | a");
  g_assert_true (skt_preset_store_step (store, "b", 1)); /* into the group beside */
  check_order (store, "x y | b z | a");
  g_assert_cmpstr (skt_preset_get_group (skt_preset_store_find (store, "b")), ==, "New");
  g_assert_true (skt_preset_store_step (store, "b", -1));
  check_order (store, "x y b | z | a");
  g_assert_false (skt_preset_store_step (store, "x", -1));
  g_assert_false (skt_preset_store_step (store, "a", 1));
  g_assert_false (skt_preset_store_step (store, "not there", 1));
}

static void
test_edit (void)
{
  g_autoptr (SktPresetStore) store = skt_preset_store_new (NULL);
  g_autoptr (SktPreset) first = make ("first", "", SKT_PRESET_KEY_F1, SKT_PRESET_COLOUR_RED);
  g_autoptr (SktPreset) second = make ("second", "", SKT_PRESET_KEY_F1, SKT_PRESET_COLOUR_NONE);
  g_autoptr (SktPreset) third = make ("first", "Other", SKT_PRESET_KEY_CTRL_9, SKT_PRESET_COLOUR_RED);
  gboolean can_undo = TRUE;

  g_object_get (store, "can-undo", &can_undo, NULL);
  g_assert_false (can_undo);
  skt_preset_store_insert (store, first, 0);
  skt_preset_store_insert (store, second, 0);
  check_order (store, "second first");
  /* The key is the second's now. */
  g_assert_true (skt_preset_store_find_key (store, SKT_PRESET_KEY_F1) == second);
  g_assert_cmpint (skt_preset_get_settings (skt_preset_store_find (store, "first"))->key, ==, SKT_PRESET_KEY_NONE);
  g_assert_cmpint (skt_preset_get_settings (skt_preset_store_find (store, "first"))->colour, ==, SKT_PRESET_COLOUR_RED);
  skt_preset_store_replace (store, third);
  check_order (store, "second | first");
  g_assert_true (skt_preset_store_find (store, "first") == third);
  skt_preset_store_remove (store, "second");
  check_order (store, "first");
  g_assert_null (skt_preset_store_find (store, "second"));

  g_object_get (store, "can-undo", &can_undo, NULL);
  g_assert_true (can_undo);
  g_assert_true (skt_preset_store_undo (store));
  check_order (store, "second | first");
  g_assert_true (skt_preset_store_undo (store));
  check_order (store, "second first");
  g_assert_true (skt_preset_store_undo (store) && skt_preset_store_undo (store));
  check_order (store, "");
  g_assert_false (skt_preset_store_undo (store));
}

static void
test_names (void)
{
  g_autoptr (SktMessage) message = skt_message_new (&(SktMessageSettings){ .source = "AT+GMR\nand then more that is long" }, NULL, NULL);
  g_autoptr (SktPreset) unnamed = skt_preset_new (&(SktPresetSettings){ .name = " \t", .message = message });
  g_autoptr (SktPreset) lines = skt_preset_new (&(SktPresetSettings){ .name = " two\nlines ", .group = "\r", .message = message });
  SktPresetKey key;

  g_assert_cmpstr (skt_preset_get_name (unnamed), ==, "AT+GMR and then more tha");
  g_assert_cmpstr (skt_preset_get_name (lines), ==, "two lines");
  g_assert_cmpstr (skt_preset_get_group (lines), ==, "");
  g_assert_true (g_uuid_string_is_valid (skt_preset_get_id (lines)));
  for (guint i = 0; i < SKT_N_PRESET_KEYS; i++)
    g_assert_true (skt_preset_key_from_id (skt_preset_key_get_id (i), &key) && key == i);
  g_assert_false (skt_preset_key_from_id ("F13", &key));
  g_assert_cmpstr (skt_preset_key_get_id (SKT_PRESET_KEY_CTRL_9), ==, "Ctrl+9");
}

/* Whatever is done: groups are together, what is told is what is so, and all can be taken back. */
static void
test_random (void)
{
  static const char *const groups[] = { "", "A", "B", "C" };
  g_autoptr (SktPresetStore) store = skt_preset_store_new (NULL);
  g_autoptr (GPtrArray) mirror = g_ptr_array_new_with_free_func (g_object_unref);

  g_signal_connect (store, "items-changed", G_CALLBACK (mirror_cb), mirror);
  for (guint i = 0; i < 2000; i++)
    {
      g_autofree char *name = g_strdup_printf ("%d", g_test_rand_int_range (0, 12));
      g_autofree char *other = g_strdup_printf ("%d", g_test_rand_int_range (0, 12));
      const char *group = groups[g_test_rand_int_range (0, G_N_ELEMENTS (groups))];
      g_autoptr (SktPreset) preset = make (name, group, g_test_rand_int_range (0, SKT_N_PRESET_KEYS), SKT_PRESET_COLOUR_NONE);
      g_auto (GStrv) seen = NULL;

      switch (g_test_rand_int_range (0, 6))
        {
        case 0:
          skt_preset_store_insert (store, preset, g_test_rand_int_range (0, 14));
          break;
        case 1:
          skt_preset_store_replace (store, preset);
          break;
        case 2:
          skt_preset_store_remove (store, name);
          break;
        case 3:
          skt_preset_store_move (store, name, group, other);
          break;
        case 4:
          skt_preset_store_step (store, name, g_test_rand_bit () ? 1 : -1);
          break;
        default:
          skt_preset_store_undo (store);
          break;
        }
      check_mirror (store, mirror);
      seen = skt_preset_store_dup_groups (store);
      for (guint j = 0; seen[j] != NULL; j++)
        for (guint k = 0; k < j; k++)
          g_assert_cmpstr (seen[j], !=, seen[k]);
    }
}

static void
test_file (Place *place, gconstpointer data)
{
  guint8 all[256];
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (SktMessage) message = NULL;
  g_autoptr (SktPreset) binary = NULL;
  SktPresetStore *store = skt_preset_store_new (place->path);
  struct stat info;

  g_assert_null (skt_preset_store_get_problem (store));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (store)), ==, 0);
  for (guint i = 0; i < sizeof all; i++)
    all[i] = i;
  bytes = g_bytes_new (all, sizeof all);
  message = skt_message_new_from_bytes (bytes);
  binary = skt_preset_new (&(SktPresetSettings){ .id = "bin", .name = "二进制 “all”", .group = "G", .key = SKT_PRESET_KEY_F12,
                                                 .colour = SKT_PRESET_COLOUR_PURPLE, .message = message });
  add (store, "a", "");
  skt_preset_store_insert (store, binary, G_MAXUINT);
  g_object_unref (store);

  g_assert_cmpint (stat (place->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  store = skt_preset_store_new (place->path);
  check_order (store, "a | 二进制 “all”");
  {
    const SktPresetSettings *settings = skt_preset_get_settings (skt_preset_store_find (store, "bin"));
    g_autoptr (GBytes) back = skt_message_expand (settings->message, NULL, NULL);

    g_assert_true (g_bytes_equal (back, bytes));
    g_assert_cmpint (settings->key, ==, SKT_PRESET_KEY_F12);
    g_assert_cmpint (settings->colour, ==, SKT_PRESET_COLOUR_PURPLE);
    g_assert_cmpstr (settings->group, ==, "G");
  }
  g_assert_false (skt_preset_store_undo (store));
  g_object_unref (store);
}

static void
check_damaged (Place *place, const char *text, const char *order, const char *reason)
{
  g_autofree char *folder = g_path_get_dirname (place->path);
  g_autofree char *aside = g_strconcat (place->path, ".bad-1", NULL);
  g_autofree char *kept = NULL;
  SktPresetStore *store;

  remove_all_in (folder);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (place->path, text, -1, NULL));
  store = skt_preset_store_new (place->path);
  g_assert_nonnull (skt_preset_store_get_problem (store));
  g_assert_nonnull (strstr (skt_preset_store_get_problem (store), aside));
  if (strstr (skt_preset_store_get_problem (store), reason) == NULL)
    g_error ("%s", skt_preset_store_get_problem (store));
  check_order (store, order);
  g_assert_true (g_file_get_contents (aside, &kept, NULL, NULL));
  g_assert_cmpstr (kept, ==, text);
  add (store, "new", "");
  g_object_unref (store);

  /* What was good and what is new is there next time, and nothing is said any more. */
  store = skt_preset_store_new (place->path);
  g_assert_null (skt_preset_store_get_problem (store));
  g_assert_nonnull (skt_preset_store_find (store, "new"));
  g_object_unref (store);
}

static void
test_damaged (Place *place, gconstpointer data)
{
  check_damaged (place, "{\"format\": \"socketeer-presets\", \"presets\": [{\"id\"", "", "JSON");
  check_damaged (place, "", "", "JSON");
  check_damaged (place, "{}", "", "no presets");
  check_damaged (place, "{\"format\": \"socketeer-presets\", \"version\": 99}", "", "newer version");
  check_damaged (place,
                 "{\"format\": \"socketeer-presets\", \"presets\": [1, {\"name\": \"good\", \"message\": {\"source\": \"x\"}},"
                 " {\"name\": \"bad\", \"message\": {\"form\": \"hex\", \"source\": \"0\"}}]}",
                 "good", "preset 1: it is not an object");
}

/* A second damaged file does not take the place of the first. */
static void
test_damaged_again (Place *place, gconstpointer data)
{
  g_autofree char *first = g_strconcat (place->path, ".bad-1", NULL);
  g_autofree char *second = g_strconcat (place->path, ".bad-2", NULL);
  g_autofree char *kept = NULL;
  SktPresetStore *store;

  check_damaged (place, "first", "", "JSON");
  g_assert_true (g_file_set_contents (place->path, "second", -1, NULL));
  store = skt_preset_store_new (place->path);
  g_assert_nonnull (strstr (skt_preset_store_get_problem (store), second));
  g_object_unref (store);
  g_assert_true (g_file_get_contents (first, &kept, NULL, NULL));
  g_assert_cmpstr (kept, ==, "first");
}

/* Where nothing can be written it is said, and goes on. */
static void
test_unwritable (Place *place, gconstpointer data)
{
  g_autofree char *path = g_build_filename (place->path, "presets.json", NULL);
  g_autofree char *folder = g_path_get_dirname (place->path);
  SktPresetStore *store;
  gint64 deadline = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (place->path, "", 0, NULL)); /* a file where a folder has to be */
  store = skt_preset_store_new (path);
  add (store, "a", "");
  while (skt_preset_store_get_problem (store) == NULL && g_get_monotonic_time () < deadline)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (skt_preset_store_get_problem (store));
  check_order (store, "a");
  g_assert_finalize_object (store);
}

static void
test_add_all (void)
{
  g_autoptr (SktPresetStore) store = skt_preset_store_new (NULL);
  g_autoptr (GPtrArray) presets = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) added = NULL;
  g_autoptr (SktPreset) mine = make ("a", "", (SKT_PRESET_KEY_F1 + 4), SKT_PRESET_COLOUR_NONE);

  skt_preset_store_insert (store, mine, 0);
  g_ptr_array_add (presets, make ("a", "", (SKT_PRESET_KEY_F1 + 4), SKT_PRESET_COLOUR_NONE));
  g_ptr_array_add (presets, make ("b", "B", (SKT_PRESET_KEY_F1 + 5), SKT_PRESET_COLOUR_NONE));
  added = skt_preset_store_add_all (store, presets);
  check_order (store, "a a | b");
  g_assert_cmpuint (added->len, ==, 2);
  g_assert_true (skt_preset_store_find_key (store, (SKT_PRESET_KEY_F1 + 4)) == mine);
  g_assert_nonnull (skt_preset_store_find_key (store, (SKT_PRESET_KEY_F1 + 5)));
  skt_preset_store_remove_all (store, added);
  check_order (store, "a");
  g_assert_true (skt_preset_store_undo (store) && skt_preset_store_undo (store));
  check_order (store, "a");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/payload/preset-store/order", test_order);
  g_test_add_func ("/payload/preset-store/edit", test_edit);
  g_test_add_func ("/payload/preset-store/names", test_names);
  g_test_add_func ("/payload/preset-store/random", test_random);
  g_test_add_func ("/payload/preset-store/add-all", test_add_all);
  g_test_add ("/payload/preset-store/file", Place, NULL, set_up, test_file, tear_down);
  g_test_add ("/payload/preset-store/damaged", Place, NULL, set_up, test_damaged, tear_down);
  g_test_add ("/payload/preset-store/damaged-again", Place, NULL, set_up, test_damaged_again, tear_down);
  g_test_add ("/payload/preset-store/unwritable", Place, NULL, set_up, test_unwritable, tear_down);
  return g_test_run ();
}
