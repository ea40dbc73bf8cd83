/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "../check-hostile.h"
#include "check-rows.h"
#include "skt-decode.h"

#include <string.h>

/* What is shown of a byte. */
typedef struct
{
  guint8 kind;
  guint offset; /* of the byte in what is shown as one */
  gboolean is_whole; /* all bytes of it came in one read */
  char *text;
} Shown;

static void
shown_clear (gpointer data)
{
  g_free (((Shown *) data)->text);
}

static SktJournal *
make_journal (const GByteArray *bytes, gsize piece)
{
  SktJournal *journal = check_journal_new ();

  for (gsize i = 0; i < bytes->len; i += piece)
    check_journal_add (journal, SKT_RECORD_RECEIVED, 1, bytes->data + i, MIN (piece, bytes->len - i));
  return journal;
}

static void
list_row (const SktDecoded *decoded, GArray *shown)
{
  for (guint i = 0; i < decoded->spans->len; i++)
    {
      const SktSpan *span = &g_array_index (decoded->spans, SktSpan, i);
      for (guint j = 0; j < span->length; j++)
        {
          Shown one = { span->kind, span->carried + j, span->carried == 0,
                        g_strndup (decoded->text->str + span->text_offset, span->text_length) };
          g_array_append_val (shown, one);
        }
    }
}

/* Of each byte of the stream. */
static GArray *
list_shown (SktJournal *journal, SktLayout *layout)
{
  GArray *shown = g_array_new (FALSE, FALSE, sizeof (Shown));
  g_autoptr (GArray) rows = check_list_rows (journal, layout);
  g_autoptr (SktJournalReader) reader = skt_journal_reader_new (journal);
  SktDecoded decoded;

  g_array_set_clear_func (shown, shown_clear);
  skt_decoded_init (&decoded);
  for (guint i = 0; i < rows->len; i++)
    {
      const SktRow *row = &g_array_index (rows, SktRow, i);
      g_autofree guint8 *bytes = g_malloc (row->length + 1);
      guint before = shown->len;

      g_assert_cmpuint (skt_row_read (row, journal, reader, layout, bytes), ==, row->length);
      skt_decode_row (skt_layout_get_encoding (layout), &row->carry, bytes, row->length, row->ends_piece, &decoded);
      g_assert_true (g_utf8_validate (decoded.text->str, decoded.text->len, NULL));
      list_row (&decoded, shown);
      g_assert_cmpuint (shown->len - before, ==, row->length);
    }
  skt_decoded_clear (&decoded);
  return shown;
}

/* The text of the stream, which may have NULs. */
static GBytes *
dup_text (SktJournal *journal, SktLayout *layout)
{
  g_autoptr (GArray) rows = check_list_rows (journal, layout);
  g_autoptr (SktJournalReader) reader = skt_journal_reader_new (journal);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < rows->len; i++)
    {
      const SktRow *row = &g_array_index (rows, SktRow, i);
      g_autofree guint8 *bytes = g_malloc (row->length + 1);

      g_assert_cmpuint (skt_row_read (row, journal, reader, layout, bytes), ==, row->length);
      skt_decode_append_plain (skt_layout_get_encoding (layout), &row->carry, bytes, row->length, row->ends_piece, text);
    }
  return g_string_free_to_bytes (text);
}

/* Nothing that is shown hides, moves or commands: it is text, or ASCII in its place. */
static void
assert_harmless (const GArray *shown)
{
  for (guint i = 0; i < shown->len; i++)
    for (const char *p = g_array_index (shown, Shown, i).text; *p != '\0'; p = g_utf8_next_char (p))
      {
        gunichar c = g_utf8_get_char (p);
        GUnicodeType type = g_unichar_type (c);

        g_assert_true (c >= 0x20 && (c < 0x7f || c >= 0xa0));
        g_assert_true (type != G_UNICODE_FORMAT && type != G_UNICODE_LINE_SEPARATOR && type != G_UNICODE_PARAGRAPH_SEPARATOR &&
                       type != G_UNICODE_UNASSIGNED && type != G_UNICODE_PRIVATE_USE);
        g_assert_true (c < 0x202A || c > 0x202E);
        g_assert_true (c < 0x2066 || c > 0x2069);
      }
}

/* A mark is told from its base only in its row, and so is how many there are on it. */
static gboolean
is_mark (const Shown *shown)
{
  const char *p = shown->text;

  if (shown->kind == SKT_SPAN_INVISIBLE && g_str_has_prefix (p, "<U+03"))
    return TRUE;
  for (; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_ismark (g_utf8_get_char (p)) || g_unichar_iszerowidth (g_utf8_get_char (p)))
      return TRUE;
  return FALSE;
}

/* However the bytes come, each is shown as the same; but those that begin a character that another read finishes. */
static void
test_pieces (gconstpointer data)
{
  SktEncoding encoding = GPOINTER_TO_INT (data);
  g_autoptr (GByteArray) bytes = check_hostile_new (600);
  g_autoptr (SktLayout) layout = check_layout_new (SKT_VIEW_TEXT, encoding, 16);
  g_autoptr (SktJournal) whole = make_journal (bytes, bytes->len);
  g_autoptr (GArray) wanted = list_shown (whole, layout);
  g_autoptr (GBytes) text = dup_text (whole, layout);

  g_assert_cmpuint (wanted->len, ==, bytes->len);
  assert_harmless (wanted);
  for (guint i = 0; i < G_N_ELEMENTS (check_hostile_pieces); i++)
    {
      g_autoptr (SktJournal) journal = make_journal (bytes, check_hostile_pieces[i]);
      g_autoptr (GArray) got = list_shown (journal, layout);
      g_autoptr (GBytes) got_text = dup_text (journal, layout);
      guint n_parts = 0;

      g_assert_true (g_bytes_equal (got_text, text));
      g_assert_cmpuint (got->len, ==, wanted->len);
      assert_harmless (got);
      for (guint j = 0; j < got->len; j++)
        {
          const Shown *a = &g_array_index (got, Shown, j), *b = &g_array_index (wanted, Shown, j);

          n_parts += a->kind == SKT_SPAN_PART;
          if (a->kind == SKT_SPAN_PART || b->kind == SKT_SPAN_PART || is_mark (a) || is_mark (b))
            continue;
          g_assert_cmpuint (a->kind, ==, b->kind);
          g_assert_cmpstr (a->text, ==, b->text);
          g_assert_cmpuint (a->offset, ==, b->offset);
        }
      /* It did happen. */
      g_assert_true (n_parts > 0 || check_hostile_pieces[i] > 3 || encoding == SKT_ENCODING_ISO_8859_1);
    }
}

/* One at a time, so that none of them helps another. */
static void
test_each (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (check_hostile); i++)
    for (guint encoding = 0; encoding < SKT_N_ENCODINGS; encoding++)
      {
        GByteArray *bytes = g_byte_array_new ();
        g_autoptr (SktLayout) layout = check_layout_new (SKT_VIEW_TEXT, encoding, 16);
        g_autoptr (SktJournal) whole = NULL, single = NULL;
        g_autoptr (GArray) shown = NULL;
        g_autoptr (GBytes) text = NULL, single_text = NULL;

        g_byte_array_append (bytes, (const guint8 *) check_hostile[i].bytes, check_hostile[i].length);
        whole = make_journal (bytes, bytes->len);
        single = make_journal (bytes, 1);
        shown = list_shown (whole, layout);
        assert_harmless (shown);
        text = dup_text (whole, layout);
        single_text = dup_text (single, layout);
        g_assert_true (g_bytes_equal (text, single_text));
        g_byte_array_unref (bytes);
      }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/hostile/each", test_each);
  g_test_add_data_func ("/core/hostile/pieces-utf-8", GINT_TO_POINTER (SKT_ENCODING_UTF_8), test_pieces);
  g_test_add_data_func ("/core/hostile/pieces-gb18030", GINT_TO_POINTER (SKT_ENCODING_GB18030), test_pieces);
  g_test_add_data_func ("/core/hostile/pieces-utf-16", GINT_TO_POINTER (SKT_ENCODING_UTF_16LE), test_pieces);
  g_test_add_data_func ("/core/hostile/pieces-latin-1", GINT_TO_POINTER (SKT_ENCODING_ISO_8859_1), test_pieces);
  return g_test_run ();
}
