/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "fuzz-driver.h"

#include <string.h>

#include "skt-error.h"
#include "skt-frame.h"

/* Where frames end, as offsets; cut into pieces of at most `piece` bytes. */
static GArray *
list_ends (const SktFrameRule *rule, const guint8 *bytes, gsize length, gsize piece)
{
  GArray *ends = g_array_new (FALSE, FALSE, sizeof (gsize));
  SktFrameState state = { 0 };
  gsize at = 0;

  while (at < length)
    {
      gsize n = MIN (piece, length - at), used;
      gboolean is_complete;

      used = skt_frame_next (rule, &state, bytes + at, n, &is_complete);
      g_assert_cmpuint (used, >, 0);
      g_assert_cmpuint (used, <=, n);
      g_assert_true (is_complete || used == n);
      g_assert_true (is_complete == (state.seen == 0));
      at += used;
      if (is_complete)
        g_array_append_val (ends, at);
    }
  return ends;
}

/* Delimiters and fixed lengths, found another way. */
static void
check_ends (const SktFrameRule *rule, GArray *ends, const guint8 *bytes, gsize length)
{
  gsize start = 0;

  for (guint i = 0; i <= ends->len; i++)
    {
      gsize end = i < ends->len ? g_array_index (ends, gsize, i) : length;

      if (rule->kind == SKT_FRAME_FIXED)
        g_assert_true (end - start == rule->length || (i == ends->len && end - start < rule->length));
      if (rule->kind == SKT_FRAME_DELIMITER)
        {
          const guint8 *found = memmem (bytes + start, length - start, rule->delimiter, rule->delimiter_length);
          if (i < ends->len)
            g_assert_true (found == bytes + end - rule->delimiter_length);
          else
            g_assert_null (found);
        }
      start = end;
    }
}

/* A line with the rule, and then bytes. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const uint8_t *line_end = memchr (data, '\n', size);
  gsize line_length = line_end != NULL ? (gsize) (line_end - data) : size;
  g_autofree char *text = g_utf8_make_valid ((const char *) data, line_length);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) whole = NULL;
  g_autofree char *canonical = NULL;
  const guint8 *bytes;
  SktFrameRule rule, again;
  gsize length;

  if (!skt_frame_rule_parse (text, &rule, &error))
    {
      g_assert_error (error, SKT_ERROR, SKT_ERROR_BAD_RULE);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }
  canonical = skt_frame_rule_to_string (&rule);
  g_assert_true (skt_frame_rule_parse (canonical, &again, NULL));
  g_assert_true (skt_frame_rule_equal (&rule, &again));
  if (line_end == NULL)
    return 0;

  bytes = line_end + 1;
  length = data + size - bytes;
  if (length == 0)
    return 0;
  whole = list_ends (&rule, bytes, length, length);
  check_ends (&rule, whole, bytes, length);
  for (gsize piece = 1; piece < MIN (length, 20); piece++)
    {
      g_autoptr (GArray) ends = list_ends (&rule, bytes, length, piece);
      g_assert_cmpmem (ends->data, ends->len * sizeof (gsize), whole->data, whole->len * sizeof (gsize));
    }
  return 0;
}
