/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "skt-error.h"
#include "skt-frame.h"

#include <string.h>

/* The lengths of the frames of the bytes, cut into pieces of `piece` bytes; the last is negative if it is not complete. */
static GArray *
list_frames (const SktFrameRule *rule, const guint8 *bytes, gsize length, gsize piece)
{
  GArray *frames = g_array_new (FALSE, TRUE, sizeof (gint64));
  SktFrameState state = { 0 };
  gint64 frame = 0;

  for (gsize at = 0; at < length;)
    {
      gsize end = MIN (length, at - at % piece + piece);
      gboolean is_complete;
      gsize n = skt_frame_next (rule, &state, bytes + at, end - at, &is_complete);

      g_assert_cmpuint (n, >, 0);
      g_assert_cmpuint (n, <=, end - at);
      g_assert_true (is_complete || n == end - at);
      g_assert_cmpuint (state.seen == 0, ==, is_complete);
      frame += n;
      at += n;
      if (is_complete)
        {
          g_array_append_val (frames, frame);
          frame = 0;
        }
    }
  if (frame > 0)
    {
      frame = -frame;
      g_array_append_val (frames, frame);
    }
  return frames;
}

typedef struct
{
  const char *rule;
  const char *bytes;
  gsize length;
  gint64 frames[8];
} FrameCase;

#define BYTES(text) text, sizeof (text) - 1

static const FrameCase cases[] = {
  { "line lf", BYTES ("a\nbc\r\n\nd"), { 2, 4, 1, -1 } },
  { "line cr", BYTES ("a\rbc\r\r\nd"), { 2, 3, 1, -2 } },
  { "line crlf", BYTES ("a\nb\r\n\r\r\nc\r"), { 5, 3, -2 } },
  { "fixed 3", BYTES ("abcdefgh"), { 3, 3, -2 } },
  { "fixed 1", BYTES ("abc"), { 1, 1, 1 } },
  { "delimiter 00", BYTES ("a\0\0bc"), { 2, 1, -2 } },
  /* The delimiter begins inside of what looked like it. */
  { "delimiter 61 61 62", BYTES ("aaabaab"), { 4, 3 } },
  { "delimiter 61 62 61 62 63", BYTES ("abababcxababc"), { 7, 6 } },
  { "length offset=0 width=1", BYTES ("\2ab\0\1c\5xy"), { 3, 1, 2, -3 } },
  { "length offset=2 width=2", BYTES ("ab\0\3xyzcd\0\0ef"), { 7, 4, -2 } },
  { "length offset=1 width=2 order=little adjust=1", BYTES ("a\1\0xyb\0\0z"), { 5, 4 } },
  { "length width=4 counts=all", BYTES ("\0\0\0\6ab\0\0\0\4"), { 6, 4 } },
  { "length width=8 order=little", BYTES ("\1\0\0\0\0\0\0\0xy"), { 9, -1 } },
  /* A length that ends before its own field is not believed. */
  { "length width=2 counts=all", BYTES ("\0\1\0\0\0\3z"), { 2, 2, 3 } },
  { "length width=1 adjust=-5", BYTES ("\1\2\6a"), { 1, 1, 2 } },
  /* More than there ever will be. */
  { "length width=8", BYTES ("\xff\xff\xff\xff\xff\xff\xff\xffyz"), { -10 } },
  { "length width=8 counts=all adjust=2147483647", BYTES ("\x3f\xff\xff\xff\xff\xff\xff\xffyz"), { -10 } },
  /* Modbus/TCP: transaction, protocol, length of the rest. */
  { "length offset=4 width=2", BYTES ("\0\1\0\0\0\6\1\3\0\0\0\1\0\2\0\0\0\2\1\3"), { 12, 8 } },
  { "pause 10", BYTES ("abc"), { -3 } },
};

static void
test_cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const FrameCase *c = &cases[i];
      SktFrameRule rule;
      g_autoptr (GError) error = NULL;

      g_assert_true (skt_frame_rule_parse (c->rule, &rule, &error));
      g_assert_no_error (error);
      /* However it comes in. */
      for (gsize piece = 1; piece <= c->length; piece++)
        {
          g_autoptr (GArray) frames = list_frames (&rule, (const guint8 *) c->bytes, c->length, piece);
          guint n = 0;

          while (n < G_N_ELEMENTS (c->frames) && c->frames[n] != 0)
            n++;
          g_assert_cmpmem (frames->data, frames->len * sizeof (gint64), c->frames, n * sizeof (gint64));
        }
    }
}

static void
test_random_delimiter (void)
{
  for (guint round = 0; round < 2000; round++)
    {
      SktFrameRule rule = { .kind = SKT_FRAME_DELIMITER, .delimiter_length = g_test_rand_int_range (1, 7) };
      guint8 bytes[200];
      gsize start = 0;
      g_autoptr (GArray) expected = g_array_new (FALSE, FALSE, sizeof (gint64));
      g_autoptr (GArray) frames = NULL;
      gint64 frame;

      for (guint i = 0; i < rule.delimiter_length; i++)
        rule.delimiter[i] = g_test_rand_int_range ('a', 'c');
      for (guint i = 0; i < sizeof bytes; i++)
        bytes[i] = g_test_rand_int_range ('a', 'c');
      for (;;)
        {
          const guint8 *found = memmem (bytes + start, sizeof bytes - start, rule.delimiter, rule.delimiter_length);
          if (found == NULL)
            break;
          frame = found + rule.delimiter_length - (bytes + start);
          g_array_append_val (expected, frame);
          start += frame;
        }
      frame = -(gint64) (sizeof bytes - start);
      if (frame < 0)
        g_array_append_val (expected, frame);
      frames = list_frames (&rule, bytes, sizeof bytes, g_test_rand_int_range (1, 9));
      g_assert_cmpmem (frames->data, frames->len * sizeof (gint64), expected->data, expected->len * sizeof (gint64));
    }
}

static void
test_pause (void)
{
  SktFrameRule rule = { .kind = SKT_FRAME_PAUSE, .pause_ms = 10 };
  SktFrameState state = { 0 };
  gboolean is_complete;

  g_assert_false (skt_frame_begin_piece (&rule, &state, 1000000000));
  skt_frame_next (&rule, &state, (const guint8 *) "a", 1, &is_complete);
  g_assert_false (is_complete);
  g_assert_false (skt_frame_begin_piece (&rule, &state, 1010000000)); /* no longer than 10 ms */
  skt_frame_next (&rule, &state, (const guint8 *) "b", 1, &is_complete);
  g_assert_true (skt_frame_begin_piece (&rule, &state, 1020000001));
  skt_frame_next (&rule, &state, (const guint8 *) "c", 1, &is_complete);
  g_assert_false (skt_frame_begin_piece (&rule, &state, 5)); /* the clock was set back */
}

static const char *const good[] = {
  "line lf", "line cr", "line crlf", "fixed 1", "fixed 1073741824", "delimiter 0d0a",
  "delimiter 000102030405060708090a0b0c0d0e0f", "length offset=0 width=1 order=big counts=rest adjust=0",
  "length offset=65535 width=8 order=little counts=all adjust=-2147483648", "pause 1", "pause 86400000",
};

static const char *const bad[] = {
  "", " ", "line", "line lfcr", "fixed", "fixed 0", "fixed 1073741825", "fixed -1", "fixed 3x", "delimiter", "delimiter 0",
  "delimiter xy", "delimiter 000102030405060708090a0b0c0d0e0f10", "length width=3", "length width=0", "length width",
  "length offset=65536", "length offset=-1", "length adjust=2147483648", "length order=middle", "pause", "pause 0",
  "pause 86400001", "something 3",
};

static void
test_rules (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      SktFrameRule rule, again;
      g_autofree char *text = NULL;

      g_assert_true (skt_frame_rule_parse (good[i], &rule, NULL));
      text = skt_frame_rule_to_string (&rule);
      g_assert_cmpstr (text, ==, good[i]);
      g_assert_true (skt_frame_rule_parse (text, &again, NULL));
      g_assert_true (skt_frame_rule_equal (&rule, &again));
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      SktFrameRule rule;
      g_autoptr (GError) error = NULL;

      g_assert_false (skt_frame_rule_parse (bad[i], &rule, &error));
      g_assert_error (error, SKT_ERROR, SKT_ERROR_BAD_RULE);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/frame/rules", test_rules);
  g_test_add_func ("/core/frame/cases", test_cases);
  g_test_add_func ("/core/frame/random-delimiter", test_random_delimiter);
  g_test_add_func ("/core/frame/pause", test_pause);
  return g_test_run ();
}
