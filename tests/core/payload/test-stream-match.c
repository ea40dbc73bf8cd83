/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "skt-stream-match.h"

#include "skt-error.h"

#include <string.h>

/* -- The same matches however it is split -------------------------------------------------------------------- */

typedef struct
{
  const guint8 *stream;
  gsize n_given;        /* that the matcher may have seen */
  gsize n_taken;
  GString *log;         /* "begin-end:bytes(group)(group) " */
} Feeding;

static void
append_bytes (GString *log, GBytes *bytes)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  for (gsize i = 0; i < length; i++)
    if (g_ascii_isprint (data[i]))
      g_string_append_c (log, data[i]);
    else
      g_string_append_printf (log, "\\%02x", data[i]);
}

static void
check_match (Feeding *feeding, const SktStreamMatcher *matcher, const SktMatch *match)
{
  gsize n_rest;
  const guint8 *rest = skt_stream_matcher_get_rest (matcher, &n_rest);

  g_assert_cmpmem (g_bytes_get_data (match->bytes, NULL), g_bytes_get_size (match->bytes),
                   feeding->stream + match->begin, MIN (match->end - match->begin, SKT_STREAM_MATCH_MAX));
  /* What was taken and what was not follow each other. */
  g_assert_cmpuint (match->end + n_rest, ==, feeding->n_taken);
  g_assert_true (n_rest == 0 || memcmp (rest, feeding->stream + match->end, n_rest) == 0);

  g_string_append_printf (feeding->log, "%d-%d:", (int) match->begin, (int) match->end);
  if (match->end - match->begin < 100)
    append_bytes (feeding->log, match->bytes);
  for (guint i = 1; match->groups != NULL && i < match->groups->len; i++)
    {
      g_string_append_c (feeding->log, '(');
      append_bytes (feeding->log, match->groups->pdata[i]);
      g_string_append_c (feeding->log, ')');
    }
  g_string_append_c (feeding->log, ' ');
}

static void
feed_piece (Feeding *feeding, SktStreamMatcher *matcher, gsize n)
{
  feeding->n_given += n;
  while (feeding->n_taken < feeding->n_given)
    {
      gboolean is_found;
      SktMatch match;
      gsize n_left = feeding->n_given - feeding->n_taken;
      gsize n_more = skt_stream_matcher_feed (matcher, feeding->stream + feeding->n_taken, n_left, 1, &is_found, &match);

      g_assert_cmpuint (n_more, <=, n_left);
      g_assert_true (n_more > 0 || is_found);
      g_assert_true (n_more == n_left || is_found);
      feeding->n_taken += n_more;
      if (is_found)
        check_match (feeding, matcher, &match);
    }
}

/* In pieces of `first`, and then of `others`. */
static char *
feed_all (SktStreamMatcher *matcher, const void *stream, gsize length, gsize first, gsize others)
{
  Feeding feeding = { .stream = stream, .log = g_string_new (NULL) };

  skt_stream_matcher_reset (matcher);
  for (gsize n = first; feeding.n_given < length; n = MIN (others, length - feeding.n_given))
    feed_piece (&feeding, matcher, n);
  return g_string_free (feeding.log, FALSE);
}

static void
check_rule (SktMatchRule *rule, const void *stream, gsize length, const char *expected)
{
  g_autoptr (SktStreamMatcher) matcher = skt_stream_matcher_new (rule);
  g_autofree char *whole = feed_all (matcher, stream, length, length, length);

  if (expected != NULL)
    g_assert_cmpstr (whole, ==, expected);
  for (gsize split = 1; split < length; split++)
    {
      g_autofree char *halves = feed_all (matcher, stream, length, split, length);

      g_assert_cmpstr (halves, ==, whole);
    }
  for (gsize step = 1; step < MIN (8, length); step++)
    {
      g_autofree char *bytes = feed_all (matcher, stream, length, step, step);

      g_assert_cmpstr (bytes, ==, whole);
    }
}

static void
check (SktMatchKind kind,
       const char *text,
       SktEncoding encoding,
       gboolean match_case,
       const void *stream,
       gsize length,
       const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SktMatchRule) rule = skt_match_rule_new (kind, text, encoding, match_case, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (skt_match_rule_get_kind (rule), ==, kind);
  check_rule (rule, stream, length, expected);
}

#define CHECK(kind, text, encoding, match_case, stream, expected) \
  check (kind, text, encoding, match_case, stream, sizeof stream - 1, expected)

static void
test_text (void)
{
  CHECK (SKT_MATCH_TEXT, "aa", SKT_ENCODING_ASCII, TRUE, "aaaaa-aa", "0-2:aa 2-4:aa 6-8:aa ");
  CHECK (SKT_MATCH_TEXT, "x", SKT_ENCODING_UTF_8, TRUE, "xx.x", "0-1:x 1-2:x 3-4:x ");
  CHECK (SKT_MATCH_TEXT, "login:", SKT_ENCODING_UTF_8, FALSE, "lologin: LOGIN:", "2-8:login: 9-15:LOGIN: ");
  CHECK (SKT_MATCH_TEXT, "abab!", SKT_ENCODING_UTF_8, TRUE, "ababab!ab", "2-7:abab! ");
  /* the Kelvin sign is a k of three bytes */
  CHECK (SKT_MATCH_TEXT, "ok", SKT_ENCODING_UTF_8, FALSE, "OK o\xE2\x84\xAAok",
         "0-2:OK 3-7:o\\e2\\84\\aa 7-9:ok ");
  CHECK (SKT_MATCH_TEXT, "no", SKT_ENCODING_UTF_8, TRUE, "n n o", "");
}

/* What looks like the text within characters is none. */
static void
test_borders (void)
{
  CHECK (SKT_MATCH_TEXT, "A", SKT_ENCODING_GBK, TRUE, "\x81\x41" "A\x81\x41\x41", "2-3:A 5-6:A ");
  CHECK (SKT_MATCH_TEXT, "你", SKT_ENCODING_GBK, TRUE, "\xB5\xC4\xE3\xC4\xE3\xC4\xE3", "");
  CHECK (SKT_MATCH_TEXT, "你", SKT_ENCODING_GBK, TRUE, "a\xC4\xE3\xB5\xC4\xE3.\xC4\xE3", "1-3:\\c4\\e3 7-9:\\c4\\e3 ");
  /* whether “0” is one of its own is known by the byte after it */
  CHECK (SKT_MATCH_TEXT, "0", SKT_ENCODING_GB18030, TRUE, "\x81\x30\x81\x30" "0\x81\x30" "A0", "4-5:0 6-7:0 8-9:0 ");
  CHECK (SKT_MATCH_TEXT, "表", SKT_ENCODING_SHIFT_JIS, TRUE, "\x95\x5C\x95\x95\x5C\\", "0-2:\\95\\ ");
  CHECK (SKT_MATCH_TEXT, "a", SKT_ENCODING_UTF_16LE, TRUE, "\0a\0a" "a\0" "aa", "4-6:a\\00 ");
  CHECK (SKT_MATCH_TEXT, "ab", SKT_ENCODING_UTF_16BE, TRUE, "\0\0a\0b\0\0a\0b", "6-10:\\00a\\00b ");
}

static void
test_hex (void)
{
  CHECK (SKT_MATCH_HEX, "de ad", SKT_ENCODING_UTF_8, TRUE, "\xDE\xDE\xAD\xDE\xAD", "1-3:\\de\\ad 3-5:\\de\\ad ");
  CHECK (SKT_MATCH_HEX, "01 ?? 0?", SKT_ENCODING_UTF_8, TRUE, "\x01\x01\x01\x20\x0F\x01\xFF\x0A",
         "0-3:\\01\\01\\01 5-8:\\01\\ff\\0a ");
  CHECK (SKT_MATCH_HEX, "00", SKT_ENCODING_GBK, TRUE, "\0\0", "0-1:\\00 1-2:\\00 ");
}

static void
test_regex (void)
{
  CHECK (SKT_MATCH_REGEX, "(\\d+)(x)?", SKT_ENCODING_UTF_8, TRUE, "a1 22x\nb\n333\n4", "1-2:1(1)() 3-6:22x(22)(x) 9-12:333(333)() ");
  CHECK (SKT_MATCH_REGEX, "^GET (\\S+)", SKT_ENCODING_UTF_8, TRUE, "GET /a HTTP\r\n GET /b\r\nGET /c\r\n",
         "0-6:GET /a(/a) 22-28:GET /c(/c) ");
  /* what is before belongs to the line, and $ is its end */
  CHECK (SKT_MATCH_REGEX, "(?<=a)b", SKT_ENCODING_UTF_8, TRUE, "bab ab\nb\n", "2-3:b 5-6:b ");
  CHECK (SKT_MATCH_REGEX, "a+$", SKT_ENCODING_UTF_8, TRUE, "aa aaa\naab\naa\n", "3-6:aaa 11-13:aa ");
  CHECK (SKT_MATCH_REGEX, "x*", SKT_ENCODING_UTF_8, TRUE, "abc\n", "");
  CHECK (SKT_MATCH_REGEX, ".*\\n", SKT_ENCODING_UTF_8, TRUE, "ab\n\nc\n", "0-3:ab\\0a 3-4:\\0a 4-6:c\\0a ");
  CHECK (SKT_MATCH_REGEX, "你(.)", SKT_ENCODING_GBK, TRUE, "\xC4\xE3\xBA\xC3.\xB5\xC4\xE3!\n\xC4\xE3\xC4\xE3\n",
         "0-4:\\c4\\e3\\ba\\c3(\\ba\\c3) 10-14:\\c4\\e3\\c4\\e3(\\c4\\e3) ");
  CHECK (SKT_MATCH_REGEX, "(b)c", SKT_ENCODING_UTF_16LE, FALSE, "a\0B\0c\0\0\n" "\n\0b\0c\0\n\0",
         "2-6:B\\00c\\00(B\\00) 10-14:b\\00c\\00(b\\00) ");
}

static void
check_frames (const char *frame_rule, const void *stream, gsize length, const char *expected)
{
  g_autoptr (SktMatchRule) rule = NULL;
  SktFrameRule frame;

  g_assert_true (skt_frame_rule_parse (frame_rule, &frame, NULL));
  rule = skt_match_rule_new (SKT_MATCH_FRAME, NULL, 0, FALSE, &frame, NULL, NULL);
  check_rule (rule, stream, length, expected);
}

static void
test_frames (void)
{
  check_frames ("line lf", "a\n\nbc\r\nd", 8, "0-2:a\\0a 2-3:\\0a 3-7:bc\\0d\\0a ");
  check_frames ("line crlf", "a\r\r\nb\n\r\n", 8, "0-4:a\\0d\\0d\\0a 4-8:b\\0a\\0d\\0a ");
  check_frames ("fixed 3", "abcdefgh", 8, "0-3:abc 3-6:def ");
  check_frames ("delimiter 0102", "a\1\1\2b\1\2", 7, "0-4:a\\01\\01\\02 4-7:b\\01\\02 ");
  check_frames ("length width=1", "\2ab\0\1c\5x", 8, "0-3:\\02ab 3-4:\\00 4-6:\\01c ");
  check_frames ("pause 20", "abc", 3, "");
}

/* A frame that a pause ends is whole when the time is over, and when the next byte comes. */
static void
test_pause (void)
{
  g_autoptr (SktMatchRule) rule = NULL;
  g_autoptr (SktStreamMatcher) matcher = NULL;
  SktFrameRule frame;
  SktMatch match;
  gboolean is_found;
  const guint64 ms = 1000000;

  g_assert_true (skt_frame_rule_parse ("pause 20", &frame, NULL));
  rule = skt_match_rule_new (SKT_MATCH_FRAME, NULL, 0, FALSE, &frame, NULL, NULL);
  matcher = skt_stream_matcher_new (rule);
  g_assert_cmpuint (skt_stream_matcher_get_deadline (matcher), ==, 0);
  g_assert_cmpuint (skt_stream_matcher_feed (matcher, (const guint8 *) "ab", 2, 100 * ms, &is_found, &match), ==, 2);
  g_assert_cmpuint (skt_stream_matcher_feed (matcher, (const guint8 *) "c", 1, 119 * ms, &is_found, &match), ==, 1);
  g_assert_false (is_found);
  g_assert_cmpuint (skt_stream_matcher_get_deadline (matcher), ==, 139 * ms);
  g_assert_false (skt_stream_matcher_wait (matcher, 139 * ms - 1, &match));
}

static void
test_pause_ends (void)
{
  g_autoptr (SktMatchRule) rule = NULL;
  g_autoptr (SktStreamMatcher) matcher = NULL;
  SktFrameRule frame;
  SktMatch match;
  gboolean is_found;
  const guint64 ms = 1000000;

  g_assert_true (skt_frame_rule_parse ("pause 20", &frame, NULL));
  rule = skt_match_rule_new (SKT_MATCH_FRAME, NULL, 0, FALSE, &frame, NULL, NULL);
  matcher = skt_stream_matcher_new (rule);
  skt_stream_matcher_feed (matcher, (const guint8 *) "abc", 3, 100 * ms, &is_found, &match);
  g_assert_true (skt_stream_matcher_wait (matcher, 120 * ms + 1, &match));
  g_assert_cmpmem (g_bytes_get_data (match.bytes, NULL), g_bytes_get_size (match.bytes), "abc", 3);
  g_assert_cmpuint (skt_stream_matcher_get_deadline (matcher), ==, 0);
  g_assert_false (skt_stream_matcher_wait (matcher, 900 * ms, &match));

  skt_stream_matcher_feed (matcher, (const guint8 *) "d", 1, 1000 * ms, &is_found, &match);
  g_assert_false (is_found);
  g_assert_cmpuint (skt_stream_matcher_feed (matcher, (const guint8 *) "e", 1, 1030 * ms, &is_found, &match), ==, 0);
  g_assert_true (is_found);
  g_assert_cmpuint (match.begin, ==, 3);
  g_assert_cmpuint (match.end, ==, 4);
  g_assert_cmpuint (skt_stream_matcher_feed (matcher, (const guint8 *) "e", 1, 1030 * ms, &is_found, NULL), ==, 1);
  g_assert_false (is_found);
}

/* -- Any, limits --------------------------------------------------------------------------------------------- */

static void
test_any (void)
{
  g_autoptr (SktMatchRule) rule = skt_match_rule_new (SKT_MATCH_ANY, NULL, 0, FALSE, NULL, NULL, NULL);
  g_autoptr (SktStreamMatcher) matcher = skt_stream_matcher_new (rule);
  g_autofree char *whole = feed_all (matcher, "abc", 3, 3, 3);
  g_autofree char *bytes = feed_all (matcher, "abc", 3, 1, 1);

  g_assert_cmpstr (whole, ==, "0-3:abc ");
  g_assert_cmpstr (bytes, ==, "0-1:a 1-2:b 2-3:c ");
}

/* Lines and frames that are longer than what is held. */
static void
test_long (void)
{
  const gsize length = 3 * SKT_STREAM_MATCH_MAX + 100;
  g_autofree guint8 *stream = g_malloc (length);
  g_autoptr (SktMatchRule) regex = skt_match_rule_new (SKT_MATCH_REGEX, "b+", SKT_ENCODING_GBK, TRUE, NULL, NULL, NULL);
  g_autoptr (SktMatchRule) lines = NULL;
  const gsize steps[] = { 1, 7, 4096, SKT_STREAM_MATCH_MAX - 1, SKT_STREAM_MATCH_MAX, SKT_STREAM_MATCH_MAX + 1 };
  SktFrameRule frame = { .kind = SKT_FRAME_LINE, .line_ending = SKT_LINE_ENDING_LF };

  /* a character of two bytes lies over each place where the line is cut */
  memset (stream, 'a', length);
  for (gsize n = 1; n <= 3; n++)
    memcpy (stream + n * SKT_STREAM_MATCH_MAX - n, "\xC4\xE3", 2);
  memset (stream + 70000, 'b', 10);
  memset (stream + 2 * SKT_STREAM_MATCH_MAX - 8, 'b', 6);
  stream[length - 1] = '\n';
  lines = skt_match_rule_new (SKT_MATCH_FRAME, NULL, 0, FALSE, &frame, NULL, NULL);
  for (guint k = 0; k < 2; k++)
    {
      g_autoptr (SktStreamMatcher) matcher = skt_stream_matcher_new (k == 0 ? regex : lines);
      g_autofree char *whole = feed_all (matcher, stream, length, length, length);

      g_assert_cmpstr (whole, ==, k == 0 ? "70000-70010:bbbbbbbbbb 131064-131070:bbbbbb " : "0-196708: ");
      for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
        {
          g_autofree char *pieces = feed_all (matcher, stream, length, steps[i], steps[i]);

          g_assert_cmpstr (pieces, ==, whole);
        }
    }
}

/* Random streams of few different bytes, in random pieces. */
static void
test_random (void)
{
  const struct { SktMatchKind kind; const char *text; SktEncoding encoding; } rules[] = {
    { SKT_MATCH_TEXT, "aab", SKT_ENCODING_UTF_8 },     { SKT_MATCH_TEXT, "A0", SKT_ENCODING_GB18030 },
    { SKT_MATCH_TEXT, "丂A", SKT_ENCODING_GB18030 },   { SKT_MATCH_HEX, "81 ?? 30", SKT_ENCODING_UTF_8 },
    { SKT_MATCH_REGEX, "(A)+0?", SKT_ENCODING_GB18030 }, { SKT_MATCH_REGEX, "a.b|A", SKT_ENCODING_UTF_16BE },
    { SKT_MATCH_TEXT, "a", SKT_ENCODING_UTF_16LE },    { SKT_MATCH_TEXT, "\n", SKT_ENCODING_SHIFT_JIS },
  };
  static const char alphabet[] = "aab0A\x81\x81\x30\x40\0\0\n";

  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    for (guint round = 0; round < 40; round++)
      {
        g_autoptr (SktMatchRule) rule = skt_match_rule_new (rules[i].kind, rules[i].text, rules[i].encoding, round % 2,
                                                            NULL, NULL, NULL);
        guint8 stream[60];

        for (gsize k = 0; k < sizeof stream; k++)
          stream[k] = alphabet[g_test_rand_int_range (0, sizeof alphabet - 1)];
        check_rule (rule, stream, sizeof stream, NULL);
      }
}

static void
test_bad (void)
{
  g_autoptr (GError) error = NULL;
  SktFrameRule frame = { .kind = SKT_FRAME_FIXED };
  gsize position = 99;

  g_assert_null (skt_match_rule_new (SKT_MATCH_HEX, "12 3x", 0, TRUE, NULL, &position, &error));
  g_assert_error (error, SKT_ERROR, SKT_ERROR_BAD_HEX);
  g_assert_cmpuint (position, ==, 4);
  g_clear_error (&error);
  g_assert_null (skt_match_rule_new (SKT_MATCH_REGEX, "a(", SKT_ENCODING_UTF_8, TRUE, NULL, &position, &error));
  g_assert_error (error, SKT_ERROR, SKT_ERROR_BAD_PATTERN);
  g_clear_error (&error);
  g_assert_null (skt_match_rule_new (SKT_MATCH_FRAME, NULL, 0, TRUE, &frame, &position, &error));
  g_assert_error (error, SKT_ERROR, SKT_ERROR_BAD_RULE);
  g_assert_cmpuint (position, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/payload/stream-match/text", test_text);
  g_test_add_func ("/payload/stream-match/borders", test_borders);
  g_test_add_func ("/payload/stream-match/hex", test_hex);
  g_test_add_func ("/payload/stream-match/regex", test_regex);
  g_test_add_func ("/payload/stream-match/frames", test_frames);
  g_test_add_func ("/payload/stream-match/pause", test_pause);
  g_test_add_func ("/payload/stream-match/pause-ends", test_pause_ends);
  g_test_add_func ("/payload/stream-match/any", test_any);
  g_test_add_func ("/payload/stream-match/long", test_long);
  g_test_add_func ("/payload/stream-match/random", test_random);
  g_test_add_func ("/payload/stream-match/bad", test_bad);
  return g_test_run ();
}
