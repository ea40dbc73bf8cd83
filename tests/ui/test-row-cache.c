/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-ui.h"
#include "skt-hex.h"
#include "socketeer-row-cache.h"

typedef struct
{
  GtkWidget *label;
  SocketeerGlyphs *glyphs;
  SktJournal *journal;
  SktLayout *layout;
  SocketeerRowCache *cache;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->label = g_object_ref_sink (gtk_label_new (NULL));
  self->glyphs = socketeer_glyphs_new (gtk_widget_get_pango_context (self->label), 1);
  self->journal = check_journal_new ();
  self->cache = socketeer_row_cache_new (self->journal);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  socketeer_row_cache_free (self->cache);
  g_clear_pointer (&self->layout, skt_layout_unref);
  skt_journal_unref (self->journal);
  socketeer_glyphs_free (self->glyphs);
  g_assert_finalize_object (self->label);
}

static void
set_layout (Fixture *self, SktView view, SktEncoding encoding, guint bytes_per_row)
{
  SocketeerPalette palette = { .text = { 0, 0, 0, 1 } };

  g_clear_pointer (&self->layout, skt_layout_unref);
  self->layout = check_layout_new (view, encoding, bytes_per_row);
  socketeer_row_cache_clear (self->cache);
  socketeer_row_cache_set_style (self->cache, self->layout, self->glyphs, &palette);
}

/* The start of the character that byte i belongs to, as the row has it. */
static guint32
get_character (const SocketeerRow *row, SktLayout *layout, guint32 i, guint32 *ret_end)
{
  if (skt_layout_get_view (layout) != SKT_VIEW_HEX)
    for (guint k = 0; k < row->decoded.spans->len; k++)
      {
        const SktSpan *span = &g_array_index (row->decoded.spans, SktSpan, k);
        if (i >= span->offset && i < span->offset + span->length)
          {
            /* With its marks, which have no cells. */
            guint32 end = span->offset + span->length;
            for (k++; k < row->decoded.spans->len && g_array_index (row->decoded.spans, SktSpan, k).cells == 0; k++)
              end += g_array_index (row->decoded.spans, SktSpan, k).length;
            *ret_end = end;
            return span->offset;
          }
      }
  *ret_end = i + 1;
  return i;
}

static void
check_round_trip (const SocketeerRow *row, SktLayout *layout, gboolean in_hex)
{
  guint last = 0;

  for (guint32 i = 0; i < row->row.length; i++)
    {
      guint cell, n;
      guint32 begin, end;
      gboolean found_in_hex;

      g_assert_true (socketeer_row_get_byte_cells (row, layout, i, in_hex, &cell, &n));
      g_assert_cmpuint (cell, >=, i == 0 ? 0 : last);
      g_assert_cmpuint (cell + n, <=, row->n_cells);
      last = cell;
      if (n == 0)
        continue;
      begin = get_character (row, layout, i, &end);
      if (in_hex)
        begin = i, end = i + 1;
      g_assert_cmpuint (socketeer_row_find_byte (row, layout, cell + n / 2.0 - 0.3, &found_in_hex), ==, begin);
      g_assert_true (found_in_hex == in_hex);
      g_assert_cmpuint (socketeer_row_find_byte (row, layout, cell + n / 2.0 + 0.3, &found_in_hex), ==, end);
      g_assert_true (found_in_hex == in_hex);
    }
}

static void
check_edges (const SocketeerRow *row, SktLayout *layout)
{
  guint cell, n;

  g_assert_cmpuint (socketeer_row_find_byte (row, layout, -1, NULL), ==, 0);
  g_assert_cmpuint (socketeer_row_find_byte (row, layout, -1e6, NULL), ==, 0);
  g_assert_cmpuint (socketeer_row_find_byte (row, layout, 1e6, NULL), ==, row->row.length);
  g_assert_false (socketeer_row_get_byte_cells (row, layout, row->row.length, FALSE, &cell, &n));
  g_assert_false (socketeer_row_get_byte_cells (row, layout, row->row.length, TRUE, &cell, &n));
  g_assert_cmpuint (socketeer_row_step (row, layout, 0, FALSE), ==, 0);
  g_assert_cmpuint (socketeer_row_step (row, layout, row->row.length, TRUE), ==, row->row.length);
}

/* Forward and back over the same borders. */
static void
check_steps (const SocketeerRow *row, SktLayout *layout)
{
  g_autoptr (GArray) borders = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint32 i = 0;

  g_array_append_val (borders, i);
  while (i < row->row.length)
    {
      guint32 next = socketeer_row_step (row, layout, i, TRUE);
      g_assert_cmpuint (next, >, i);
      g_assert_cmpuint (next, <=, row->row.length);
      i = next;
      g_array_append_val (borders, i);
    }
  for (guint k = borders->len - 1; k > 0; k--)
    {
      i = socketeer_row_step (row, layout, i, FALSE);
      g_assert_cmpuint (i, ==, g_array_index (borders, guint32, k - 1));
    }
  g_assert_cmpuint (i, ==, 0);
}

static void
check_all_rows (Fixture *self)
{
  g_autoptr (GArray) rows = check_list_rows (self->journal, self->layout);

  g_assert_cmpuint (rows->len, >, 0);
  for (guint i = 0; i < rows->len; i++)
    {
      const SktRow *skt_row = &g_array_index (rows, SktRow, i);
      const SocketeerRow *row = socketeer_row_cache_get (self->cache, skt_row, 0, 200);

      check_assert_same_row (&row->row, skt_row);
      if (row->bytes == NULL)
        {
          g_assert_nonnull (row->words);
          g_assert_cmpuint (socketeer_row_find_byte (row, self->layout, 5, NULL), ==, 0);
          g_assert_cmpuint (socketeer_row_step (row, self->layout, 0, TRUE), ==, 0);
          continue;
        }
      check_round_trip (row, self->layout, FALSE);
      if (skt_layout_get_view (self->layout) != SKT_VIEW_TEXT)
        check_round_trip (row, self->layout, TRUE);
      check_edges (row, self->layout);
      check_steps (row, self->layout);
      if (i % 64 == 0)
        socketeer_row_cache_trim (self->cache);
    }
}

static void
check_in_all_views (Fixture *self, SktEncoding encoding)
{
  static const guint widths[] = { 8, 16, 32 };

  for (guint view = 0; view < SKT_N_VIEWS; view++)
    for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
      {
        set_layout (self, view, encoding, widths[i]);
        check_all_rows (self);
      }
}

static void
add (Fixture *self, SktRecordKind kind, const char *bytes, gsize length)
{
  check_journal_add (self->journal, kind, 1, bytes, length);
}

static void
test_cells (Fixture *self, gconstpointer data)
{
  static const char *const texts[] = { "plain ASCII\n",
                                       "中文 abc 中\n",
                                       "\xf0\x9f\x98\x80 x \xf0\x9f\x98\x80",
                                       "bad \xff\xfe\xc4 bytes\xe4\xbd",
                                       "\ttab\t\tstop\ta\tab\tabc\tabcd\tabcde\tabcdef\tabcdefg\t",
                                       "e\xcc\x81o\xcc\x88\xcc\x81x\n",
                                       "\xcc\x81no base",
                                       "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d\xe2\x80\xae\xe2\x80\x8b",
                                       "\x01\x7f\r\n",
                                       "x" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    add (self, SKT_RECORD_RECEIVED, texts[i], strlen (texts[i]));
  add (self, SKT_RECORD_SENT, "\0\0a\0", 4);
  check_in_all_views (self, SKT_ENCODING_UTF_8);
  check_in_all_views (self, SKT_ENCODING_ISO_8859_1);
  check_in_all_views (self, SKT_ENCODING_UTF_16LE);
  check_in_all_views (self, SKT_ENCODING_GB18030);
}

/* Characters that came in several reads. */
static void
test_carried (Fixture *self, gconstpointer data)
{
  static const char text[] = "a中\xf0\x9f\x98\x80z中";

  for (gsize i = 0; i < sizeof text - 1; i++)
    add (self, SKT_RECORD_RECEIVED, text + i, 1);
  add (self, SKT_RECORD_RECEIVED, text, 3);
  add (self, SKT_RECORD_RECEIVED, text + 3, 5);
  add (self, SKT_RECORD_RECEIVED, text + 8, sizeof text - 1 - 8);
  check_in_all_views (self, SKT_ENCODING_UTF_8);
  check_in_all_views (self, SKT_ENCODING_GB18030);
  check_in_all_views (self, SKT_ENCODING_UTF_16BE);
}

static void
test_random (Fixture *self, gconstpointer data)
{
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  g_test_message ("seed %u", seed);
  check_journal_add_random (self->journal, rand, 60, 1500);
  check_in_all_views (self, SKT_ENCODING_UTF_8);
  check_in_all_views (self, SKT_ENCODING_GB18030);
}

/* -- Labels ---------------------------------------------------------------------------------------------------- */

static char *
dup_label (Fixture *self, guint number, const char *peer)
{
  g_autoptr (GArray) rows = check_list_rows (self->journal, self->layout);
  char *label;

  g_assert_cmpuint (number, <, rows->len);
  label = socketeer_row_to_label (socketeer_row_cache_get (self->cache, &g_array_index (rows, SktRow, number), 0, 80),
                                  self->layout, peer);
  return label;
}

/* The label after its time. */
#define assert_label(self, number, peer, expected) \
  G_STMT_START \
  { \
    g_autofree char *label = dup_label (self, number, peer); \
    g_assert_cmpuint (strlen (label), >, 13); \
    g_assert_true (label[2] == ':' && label[5] == ':' && label[8] == '.' && label[12] == ' '); \
    g_assert_cmpstr (label + 13, ==, expected); \
  } \
  G_STMT_END

static void
test_labels (Fixture *self, gconstpointer data)
{
  g_autofree char *second = NULL;

  add (self, SKT_RECORD_RECEIVED, "hello\nyou", 9);
  add (self, SKT_RECORD_SENT, "\xe4\xbd\xa0", 3);
  add (self, SKT_RECORD_RECEIVED, "\xff", 1);
  check_journal_add (self->journal, SKT_RECORD_NOTE, 0, "a note", 6);

  set_layout (self, SKT_VIEW_TEXT, SKT_ENCODING_UTF_8, 16);
  assert_label (self, 0, "127.0.0.1:53412", "received from 127.0.0.1:53412, 9 bytes: hello\\n");
  second = dup_label (self, 1, "127.0.0.1:53412");
  g_assert_cmpstr (second, ==, "you");
  assert_label (self, 2, NULL, "sent to ?, 3 bytes: 你");
  assert_label (self, 3, "[::1]:2", "received from [::1]:2, 1 byte: \\xFF");
  assert_label (self, 4, NULL, "a note");

  set_layout (self, SKT_VIEW_HEX, SKT_ENCODING_UTF_8, 8);
  assert_label (self, 0, "p", "received from p, 9 bytes: 68 65 6c 6c 6f 0a 79 6f");
  assert_label (self, 2, "p", "sent to p, 3 bytes: e4 bd a0");

  set_layout (self, SKT_VIEW_BOTH, SKT_ENCODING_UTF_8, 16);
  assert_label (self, 2, "p", "sent to p, 3 bytes: e4 bd a0  你");
}

/* -- The cache ------------------------------------------------------------------------------------------------- */

static void
test_same_row (Fixture *self, gconstpointer data)
{
  g_autoptr (GArray) rows = NULL;
  SocketeerRow *row;
  GskRenderNode *content;

  add (self, SKT_RECORD_RECEIVED, "hello", 5);
  set_layout (self, SKT_VIEW_TEXT, SKT_ENCODING_UTF_8, 16);
  rows = check_list_rows (self->journal, self->layout);
  row = socketeer_row_cache_get (self->cache, &g_array_index (rows, SktRow, 0), 0, 100);
  content = row->content;
  g_assert_nonnull (content);
  g_assert_nonnull (row->gutter);
  for (guint i = 0; i < 5; i++)
    {
      socketeer_row_cache_trim (self->cache);
      g_assert_true (socketeer_row_cache_get (self->cache, &g_array_index (rows, SktRow, 0), 0, 100) == row);
      g_assert_true (row->content == content);
    }
  g_assert_cmpuint (row->n_cells, ==, 5);
}

/* Who asks for a row without looking at it does not take away what is drawn of it. */
static void
test_drawn_stays_drawn (Fixture *self, gconstpointer data)
{
  g_autofree char *line = g_strnfill (1000, 'x');
  g_autoptr (GArray) rows = NULL;
  SocketeerRow *row;

  add (self, SKT_RECORD_RECEIVED, line, 1000);
  set_layout (self, SKT_VIEW_TEXT, SKT_ENCODING_UTF_8, 16);
  rows = check_list_rows (self->journal, self->layout);
  row = socketeer_row_cache_get (self->cache, &g_array_index (rows, SktRow, 0), 500, 600);
  g_assert_nonnull (row->content);
  row = socketeer_row_cache_get (self->cache, &g_array_index (rows, SktRow, 0), 0, 0);
  g_assert_nonnull (row->content);
}

static void
test_trim (Fixture *self, gconstpointer data)
{
  g_autoptr (GArray) rows = NULL;

  for (guint i = 0; i < 5000; i++)
    check_journal_add (self->journal, SKT_RECORD_RECEIVED, 1, "x", 1);
  set_layout (self, SKT_VIEW_TEXT, SKT_ENCODING_UTF_8, 16);
  rows = check_list_rows (self->journal, self->layout);
  for (guint first = 0; first + 60 < rows->len; first += 30)
    {
      SocketeerRow *page[60];
      socketeer_row_cache_trim (self->cache);
      for (guint i = 0; i < G_N_ELEMENTS (page); i++)
        page[i] = socketeer_row_cache_get (self->cache, &g_array_index (rows, SktRow, first + i), 0, 50);
      for (guint i = 0; i < G_N_ELEMENTS (page); i++)
        check_assert_same_row (&page[i]->row, &g_array_index (rows, SktRow, first + i));
    }
}

static char *
dup_peer (guint32 connection, gpointer user_data)
{
  (*(guint *) user_data)++;
  return g_strdup_printf ("peer %u", connection);
}

static void
test_peers (Fixture *self, gconstpointer data)
{
  g_autoptr (GArray) rows = NULL;
  guint without = socketeer_row_cache_get_gutter_cells (self->cache), n = 0;

  add (self, SKT_RECORD_RECEIVED, "a\nb\n", 4);
  check_journal_add (self->journal, SKT_RECORD_NOTE, 0, "note", 4);
  set_layout (self, SKT_VIEW_TEXT, SKT_ENCODING_UTF_8, 16);
  socketeer_row_cache_set_peers (self->cache, 15, dup_peer, &n);
  g_assert_cmpuint (socketeer_row_cache_get_gutter_cells (self->cache), ==, without + 16);
  rows = check_list_rows (self->journal, self->layout);
  for (guint i = 0; i < 2 * rows->len; i++)
    socketeer_row_cache_get (self->cache, &g_array_index (rows, SktRow, i % rows->len), 0, 50);
  g_assert_cmpuint (n, ==, 1); /* the first row of the read, once */
}

int
main (int argc, char *argv[])
{
  check_ui_init (&argc, &argv);
#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/ui/row-cache/cells", test_cells);
  ADD ("/ui/row-cache/carried", test_carried);
  ADD ("/ui/row-cache/random", test_random);
  ADD ("/ui/row-cache/labels", test_labels);
  ADD ("/ui/row-cache/same-row", test_same_row);
  ADD ("/ui/row-cache/drawn-stays-drawn", test_drawn_stays_drawn);
  ADD ("/ui/row-cache/trim", test_trim);
  ADD ("/ui/row-cache/peers", test_peers);
  return g_test_run ();
}
