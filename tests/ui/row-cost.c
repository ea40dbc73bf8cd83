/* SPDX-License-Identifier: GPL-3.0-or-later */
/* row-cost [KIND | VIEW | rows | frame]...: what drawing costs, in CPU time of the thread, when all that is on the screen is new. Not a test: it tells figures.
 *
 * rows: 60 new rows of 150 cells made by the row cache. frame: a frame of a byte view in a window of 1280 x 800 that follows a
 * journal which grows by 2 MiB a frame, from the frame clock's start to the end of the snapshot. */
#include "socketeer-config.h"

#include "check-ui.h"
#include "socketeer-byte-view-private.h"

#include <string.h>
#include <time.h>

#define N_FRAMES 200
#define FRAME_BYTES (2 * 1024 * 1024)
#define READ_BYTES (256 * 1024)
#define ROWS 60
#define CELLS 150

static gint64
get_cpu_us (void)
{
  struct timespec t;
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec * (gint64) 1000000 + t.tv_nsec / 1000;
}

/* -- What arrives --------------------------------------------------------------------------------------------- */

static void
fill_lines (GString *bytes, gsize length, GRand *rand)
{
  for (guint i = 0; bytes->len < length; i++)
    {
      guint n = g_rand_int_range (rand, 40, 120);
      for (guint j = 0; j < n; j++)
        g_string_append_c (bytes, j % 7 == 6 ? ' ' : 'a' + g_rand_int_range (rand, 0, 26));
      g_string_append_c (bytes, '\n');
    }
}

/* As small messages are: see append(). */
static void
fill_messages (GString *bytes, gsize length, GRand *rand)
{
  fill_lines (bytes, length, rand);
}

static void
fill_random (GString *bytes, gsize length, GRand *rand)
{
  while (bytes->len < length)
    g_string_append_c (bytes, g_rand_int_range (rand, 0, 256));
}

static void
fill_range (GString *bytes, gsize length, GRand *rand, gunichar from, gunichar to)
{
  while (bytes->len < length)
    {
      gunichar c = g_rand_int_range (rand, from, to);
      if (g_unichar_isdefined (c) && (c < 0xd800 || c > 0xdfff))
        g_string_append_unichar (bytes, g_rand_int_range (rand, 0, 80) == 0 ? '\n' : c);
    }
}

static void
fill_cyrillic (GString *bytes, gsize length, GRand *rand)
{
  fill_range (bytes, length, rand, 0x410, 0x450);
}

static void
fill_chinese (GString *bytes, gsize length, GRand *rand)
{
  fill_range (bytes, length, rand, 0x4e00, 0x4e00 + 3000);
}

static void
fill_scripts (GString *bytes, gsize length, GRand *rand)
{
  fill_range (bytes, length, rand, 0x80, 0xffff);
}

static void
fill_marks (GString *bytes, gsize length, GRand *rand)
{
  while (bytes->len < length)
    {
      g_string_append_unichar (bytes, g_rand_int_range (rand, 'a', 'z'));
      for (guint n = g_rand_int_range (rand, 0, 5); n > 0; n--)
        g_string_append_unichar (bytes, g_rand_int_range (rand, 0x300, 0x370));
    }
}

static void
fill_many_marks (GString *bytes, gsize length, GRand *rand)
{
  g_string_append_c (bytes, 'e');
  while (bytes->len < length)
    g_string_append (bytes, "\xcc\x81");
}

static void
fill_one_line (GString *bytes, gsize length, GRand *rand)
{
  while (bytes->len < length)
    g_string_append_c (bytes, 'x');
}

static const struct
{
  const char *name;
  void (*fill) (GString *bytes, gsize length, GRand *rand);
} kinds[] = {
  { "lines", fill_lines },       { "messages", fill_messages }, { "random", fill_random },   { "cyrillic", fill_cyrillic },
  { "chinese", fill_chinese },   { "scripts", fill_scripts }, { "marks", fill_marks },
  { "1MiB-mark", fill_many_marks }, { "one-line", fill_one_line },
};

static void
append (SktJournal *journal, guint kind, const char *bytes, gsize length, guint64 *offset)
{
  g_autoptr (GError) error = NULL;
  gsize read_bytes = kinds[kind].fill == fill_messages ? 50 : READ_BYTES;

  for (gsize i = 0; i < length; i += read_bytes)
    {
      SktRecord record = { .kind = SKT_RECORD_RECEIVED, .connection = 1, .stream_offset = *offset };
      gsize n = MIN (read_bytes, length - i);

      *offset += n;
      g_assert_true (skt_journal_append (journal, &record, (const guint8 *) bytes + i, n, &error));
      g_assert_no_error (error);
    }
  g_assert_true (skt_journal_flush (journal, &error));
  g_assert_no_error (error);
}

/* -- Figures -------------------------------------------------------------------------------------------------- */

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;
  return x < y ? -1 : x > y;
}

static void
tell (const char *what, const char *kind, SktView view, GArray *times)
{
  double sum = 0;
  gint64 first = g_array_index (times, gint64, 0);

  for (guint i = 0; i < times->len; i++)
    sum += g_array_index (times, gint64, i);
  g_array_sort (times, compare_times);
  g_print ("%-5s %-9s %-4s mean %6.2f  p50 %6.2f  p99 %6.2f  max %6.2f  first %6.2f ms (%u)\n", what, kind,
           skt_view_get_name (view), sum / times->len / 1000, g_array_index (times, gint64, times->len / 2) / 1000.0,
           g_array_index (times, gint64, times->len * 99 / 100) / 1000.0,
           g_array_index (times, gint64, times->len - 1) / 1000.0, first / 1000.0, times->len);
}

static void
measure_rows (guint kind, SktView view)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  g_autoptr (GString) bytes = g_string_new (NULL);
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktLayout) layout = check_layout_new (view, SKT_ENCODING_UTF_8, 16);
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64)), rows = NULL;
  GtkWidget *label = g_object_ref_sink (gtk_label_new (NULL));
  SocketeerPalette palette = { .text = { 0, 0, 0, 1 },
                               .dim = { 0, 0, 0, 0.6 },
                               .error = { 1, 0, 0, 1 },
                               .token = { 0.6, 0.4, 0, 1 },
                               .box = { 0, 0, 0, 0.1 } };
  SocketeerGlyphs *glyphs;
  SocketeerRowCache *cache;
  guint64 offset = 0;

  kinds[kind].fill (bytes, FRAME_BYTES, rand);
  append (journal, kind, bytes->str, bytes->len, &offset);
  rows = check_list_rows (journal, layout);
  gtk_widget_add_css_class (label, "monospace");
  glyphs = socketeer_glyphs_new (gtk_widget_get_pango_context (label), 1);
  cache = socketeer_row_cache_new (journal);
  socketeer_row_cache_set_style (cache, layout, glyphs, &palette);
  for (guint i = 0; i + ROWS < rows->len && times->len < N_FRAMES; i += ROWS)
    {
      gint64 begin = get_cpu_us (), spent;
      socketeer_glyphs_begin_frame (glyphs, 1000);
      socketeer_row_cache_trim (cache);
      for (guint j = i; j < i + ROWS; j++)
        socketeer_row_cache_get (cache, &g_array_index (rows, SktRow, j), 0, CELLS);
      spent = get_cpu_us () - begin;
      g_array_append_val (times, spent);
    }
  if (times->len > 0)
    tell ("rows", kinds[kind].name, view, times);
  socketeer_row_cache_free (cache);
  socketeer_glyphs_free (glyphs);
  g_object_unref (label);
}

/* -- Frames --------------------------------------------------------------------------------------------------- */

/* Drawn after the view: the end of the snapshot. */
#define TYPE_LAST (check_last_get_type ())
G_DECLARE_FINAL_TYPE (CheckLast, check_last, CHECK, LAST, GtkWidget)
struct _CheckLast
{
  GtkWidget parent_instance;
  gint64 begin;
  GArray *times;
};
G_DEFINE_FINAL_TYPE (CheckLast, check_last, GTK_TYPE_WIDGET)

static void
check_last_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  CheckLast *self = CHECK_LAST (widget);
  gint64 spent = get_cpu_us () - self->begin;

  if (self->times != NULL && self->begin > 0)
    g_array_append_val (self->times, spent);
}

static void
check_last_class_init (CheckLastClass *klass)
{
  GTK_WIDGET_CLASS (klass)->snapshot = check_last_snapshot;
}

static void
check_last_init (CheckLast *self)
{
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
}

static void
frame_begins_cb (GdkFrameClock *clock, gpointer user_data)
{
  CheckLast *last = user_data;
  last->begin = get_cpu_us ();
  gtk_widget_queue_draw (GTK_WIDGET (last));
}

static void
measure_frames (guint kind, SktView view)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  g_autoptr (GString) bytes = g_string_new (NULL);
  g_autoptr (SktJournal) journal = check_journal_new ();
  g_autoptr (SktLayout) layout = check_layout_new (view, SKT_ENCODING_UTF_8, 16);
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
  GtkWidget *window = gtk_window_new (), *scrolled = gtk_scrolled_window_new (), *overlay = gtk_overlay_new ();
  SocketeerByteView *byte_view = SOCKETEER_BYTE_VIEW (socketeer_byte_view_new ());
  CheckLast *last = g_object_new (TYPE_LAST, NULL);
  guint64 offset = 0;

  kinds[kind].fill (bytes, FRAME_BYTES + 4096, rand);
  append (journal, kind, "hello\n", 6, &offset);
  socketeer_byte_view_set_journal (byte_view, journal, layout);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (byte_view));
  gtk_overlay_set_child (GTK_OVERLAY (overlay), scrolled);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), GTK_WIDGET (last));
  gtk_window_set_default_size (GTK_WINDOW (window), 1280, 800);
  gtk_window_set_child (GTK_WINDOW (window), overlay);
  gtk_window_present (GTK_WINDOW (window));
  check_wait (gtk_widget_get_mapped (window) && gtk_widget_get_height (window) > 0);
  check_frames (window, 3);
  g_signal_connect (gtk_widget_get_frame_clock (window), "before-paint", G_CALLBACK (frame_begins_cb), last);
  last->times = times;
  for (guint i = 0; i < N_FRAMES; i++)
    {
      append (journal, kind, bytes->str + g_rand_int_range (rand, 0, 4096), FRAME_BYTES, &offset);
      socketeer_byte_view_journal_grown (byte_view);
      check_frames (window, 1);
    }
  last->times = NULL;
  tell ("frame", kinds[kind].name, view, times);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Whether one of the arguments is among these, or none of the arguments is. */
static gboolean
is_wanted (char *const *args, const char *name, const char *const *names)
{
  gboolean any = FALSE;

  for (; *args != NULL; args++)
    {
      if (g_str_equal (*args, name))
        return TRUE;
      any = any || g_strv_contains (names, *args);
    }
  return !any;
}

int
main (int argc, char *argv[])
{
  static const char *const parts[] = { "rows", "frame", NULL }, *const views[] = { "text", "hex", "both", NULL };
  const char *names[G_N_ELEMENTS (kinds) + 1] = { NULL };

  check_ui_init (&argc, &argv);
  for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
    names[kind] = kinds[kind].name;
  for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
    for (guint view = 0; view < SKT_N_VIEWS; view++)
      {
        if (!is_wanted (argv + 1, names[kind], names) || !is_wanted (argv + 1, skt_view_get_name (view), views))
          continue;
        if (is_wanted (argv + 1, "rows", parts))
          measure_rows (kind, view);
        if (is_wanted (argv + 1, "frame", parts))
          measure_frames (kind, view);
      }
  return 0;
}
