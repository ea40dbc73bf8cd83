/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-hostile.h"
#include "check-ui.h"
#include "socketeer-byte-view-private.h"

/* Large and odd contents: the longest frame is told, and must not be one that a user takes for a hang. */
#define LIMIT_US (2 * G_TIME_SPAN_SECOND)

static void
append (CheckView *self, const char *bytes, gsize length, guint64 *offset)
{
  g_autoptr (GError) error = NULL;
  SktRecord record = { .kind = SKT_RECORD_RECEIVED, .connection = 1, .stream_offset = *offset };

  *offset += length;
  g_assert_true (skt_journal_append (self->journal, &record, (const guint8 *) bytes, length, &error));
  g_assert_no_error (error);
}

static void
tell (const char *what)
{
  gint64 longest = check_frames_take_longest ();

  g_test_message ("longest frame, %s: %.1f ms", what, longest / 1000.0);
  g_assert_cmpint (longest, <, LIMIT_US);
}

/* Looks at it in all ways and at all places. */
static void
look_around (CheckView *self, const char *what)
{
  static const double places[] = { 0.999, 0.5, 0.5001, 0, 0.001, 0.7, 1 };
  SktEncoding encodings[] = { SKT_ENCODING_UTF_8, SKT_ENCODING_GB18030 };

  check_frames_watch (self->window);
  check_view_settle (self);
  g_assert_cmpuint (self->view->rows->len, >, 0);
  tell (what);
  for (guint i = 0; i < SKT_N_VIEWS; i++)
    for (guint j = 0; j < G_N_ELEMENTS (encodings); j++)
      {
        g_autofree char *name = g_strdup_printf ("%s, %s, %s", what, skt_view_get_name (i),
                                                 skt_encoding_get_name (encodings[j]));
        check_view_set_layout (self, i, encodings[j]);
        for (guint k = 0; k < G_N_ELEMENTS (places); k++)
          {
            gtk_adjustment_set_value (self->v, places[k] * check_view_get_end (self));
            check_frames (self->window, 2);
          }
        check_view_settle (self);
        g_assert_cmpfloat (check_view_get_upper (self), ==,
                           (double) skt_row_source_get_n_rows (self->view->source) * check_view_get_row_height (self));
        tell (name);
      }
}

static void
test_many_records (CheckView *self, gconstpointer data)
{
  check_view_add_lines (self, 0, 300000);
  look_around (self, "300,000 records");
  check_view_set_layout (self, SKT_VIEW_TEXT, SKT_ENCODING_UTF_8);
  check_view_settle (self);
  g_assert_cmpfloat (check_view_get_upper (self), ==, 300000.0 * check_view_get_row_height (self));
  gtk_adjustment_set_value (self->v, 123456.0 * check_view_get_row_height (self));
  check_view_settle (self);
  g_assert_cmpuint (check_view_get_first (self), ==, 123456);
}

static void
test_long_line (CheckView *self, gconstpointer data)
{
  g_autofree char *bytes = g_strnfill (250000, 'x');
  guint64 offset = 0;

  for (guint i = 0; i < 40; i++)
    append (self, bytes, 250000, &offset);
  g_assert_true (skt_journal_flush (self->journal, NULL));
  look_around (self, "10 MB line");
}

static void
test_combining_marks (CheckView *self, gconstpointer data)
{
  g_autoptr (GString) bytes = g_string_new ("e");
  guint64 offset = 0;

  while (bytes->len < 256 * 1024)
    g_string_append (bytes, "\xcc\x81");
  for (guint i = 0; i < 4; i++)
    append (self, bytes->str, bytes->len, &offset);
  g_assert_true (skt_journal_flush (self->journal, NULL));
  look_around (self, "1 MiB of combining marks");
}

static void
test_random_bytes (CheckView *self, gconstpointer data)
{
  g_autofree char *bytes = (char *) check_random_bytes (1024 * 1024);
  guint64 offset = 0;

  append (self, bytes, 1024 * 1024, &offset);
  g_assert_true (skt_journal_flush (self->journal, NULL));
  look_around (self, "1 MiB of random bytes");
}

/* Lines of scripts that go through Pango, as long as rows may be. */
static void
test_scripts (CheckView *self, gconstpointer data)
{
  static const char *const words[] = { "中文", "\xf0\x9f\x98\x80", "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d", "हिन्दी",
                                       "ไทย", "한글", "e\xcc\x81", "\xe2\x80\xae", "x" };
  g_autoptr (GString) bytes = g_string_new (NULL);
  guint64 offset = 0;

  for (guint i = 0; bytes->len < 256 * 1024; i++)
    g_string_append (bytes, words[i * i % G_N_ELEMENTS (words)]);
  append (self, bytes->str, bytes->len, &offset);
  g_assert_true (skt_journal_flush (self->journal, NULL));
  look_around (self, "256 KiB of many scripts");
}

static void
test_hostile (CheckView *self, gconstpointer data)
{
  g_autoptr (GByteArray) bytes = check_hostile_new (2000);
  guint64 offset = 0;

  for (guint i = 0; i < G_N_ELEMENTS (check_hostile_pieces); i++)
    for (gsize j = 0; j < bytes->len; j += check_hostile_pieces[i])
      append (self, (const char *) bytes->data + j, MIN (check_hostile_pieces[i], bytes->len - j), &offset);
  g_assert_true (skt_journal_flush (self->journal, NULL));
  look_around (self, "hostile bytes");
}

static guint
count_pending (CheckView *self)
{
  guint n = 0;

  for (guint i = 0; i < self->view->rows->len; i++)
    n += ((SocketeerRow *) g_ptr_array_index (self->view->rows, i))->is_pending;
  return n;
}

/* A screen of characters that were never seen: the first frame has placeholders, and without anything else happening all is there in
 * the end, and stays. */
static void
test_settles (CheckView *self, gconstpointer data)
{
  g_autoptr (GString) bytes = g_string_new (NULL);
  guint64 offset = 0;

  for (gunichar c = 0x4e00; c < 0x4e00 + 4000; c++)
    {
      g_string_append_unichar (bytes, c);
      g_string_append (bytes, c % 40 == 39 ? "e\xcc\x81\xcc\xa3\n" : "");
    }
  append (self, bytes->str, bytes->len, &offset);
  g_assert_true (skt_journal_flush (self->journal, NULL));
  socketeer_byte_view_journal_grown (self->view);
  check_wait (self->view->rows->len > 0);
  g_assert_cmpuint (count_pending (self), >, 0);
  check_wait (count_pending (self) == 0);
  g_assert_false (socketeer_glyphs_has_pending (self->view->glyphs));
  /* Nothing is left to be done. */
  check_frames (self->window, 2);
  g_assert_cmpuint (self->view->tick_id, ==, 0);
  g_assert_cmpuint (self->view->shaping_id, ==, 0);
}

/* While it grows the view keeps up, and no frame is long. */
static void
test_growing (CheckView *self, gconstpointer data)
{
  check_frames_watch (self->window);
  for (guint i = 0; i < 30; i++)
    {
      check_view_add_lines (self, i * 3000, 3000);
      socketeer_byte_view_journal_grown (self->view);
      check_frames (self->window, 1);
    }
  check_view_settle (self);
  g_assert_cmpuint (check_view_get_last (self), ==, 89999);
  tell ("growing by 3,000 lines a frame");
}

/* Keys and clicks while the row index is still being built. */
static void
test_keys_while_indexing (CheckView *self, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);

  check_view_add_lines (self, 0, 200000);
  for (guint i = 0; i < 60; i++)
    {
      static const guint keys[] = { GDK_KEY_Up, GDK_KEY_Down, GDK_KEY_Page_Up, GDK_KEY_Page_Down, GDK_KEY_End };
      check_view_set_layout (self, i % SKT_N_VIEWS, i % 4);
      socketeer_byte_view_select (self->view, (SktPosition){ 0, 0 },
                                  (SktPosition){ g_rand_int_range (rand, 0, 200000), 0 });
      for (guint j = 0; j < 4; j++)
        check_press (GTK_WIDGET (self->view), keys[g_rand_int_range (rand, 0, G_N_ELEMENTS (keys))], 0);
      check_frames (self->window, 1);
      check_click (GTK_WIDGET (self->view), 1 + i % 3, 300, g_rand_int_range (rand, 0, 380));
      check_press (GTK_WIDGET (self->view), keys[g_rand_int_range (rand, 0, G_N_ELEMENTS (keys))], 0);
    }
  check_view_settle (self);
}

int
main (int argc, char *argv[])
{
  check_ui_init (&argc, &argv);
  check_view_add ("/ui/byte-view-speed/many-records", test_many_records);
  check_view_add ("/ui/byte-view-speed/long-line", test_long_line);
  check_view_add ("/ui/byte-view-speed/combining-marks", test_combining_marks);
  check_view_add ("/ui/byte-view-speed/random-bytes", test_random_bytes);
  check_view_add ("/ui/byte-view-speed/scripts", test_scripts);
  check_view_add ("/ui/byte-view-speed/hostile", test_hostile);
  check_view_add ("/ui/byte-view-speed/settles", test_settles);
  check_view_add ("/ui/byte-view-speed/growing", test_growing);
  check_view_add ("/ui/byte-view-speed/keys-while-indexing", test_keys_while_indexing);
  return g_test_run ();
}
