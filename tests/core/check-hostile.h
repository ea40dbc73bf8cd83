/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bytes that have hurt programs which show text. Sequences with names, and all of them in one piece; for tests of whatever takes
 * bytes from a peer. */
typedef struct
{
  const char *name;
  const char *bytes;
  gsize length;
} CheckHostile;

#define CHECK_HOSTILE(name, bytes) { name, bytes, sizeof (bytes) - 1 }

static const CheckHostile check_hostile[] = {
  /* UTF-8 that is none */
  CHECK_HOSTILE ("lone continuation bytes", "a\x80" "b\xbf" "c\x80\x80\x80\x80"),
  CHECK_HOSTILE ("lead bytes before a line feed", "\xc3\n\xe4\n\xe4\xbd\n\xf0\n\xf0\x9f\n\xf0\x9f\x98\n"),
  CHECK_HOSTILE ("lead bytes before ASCII", "\xc3" "a\xe4\xbd" "b\xf0\x9f\x98" "c"),
  CHECK_HOSTILE ("lead bytes before lead bytes", "\xc3\xc3\xe4\xe4\xbd\xe4\xbd\xa0\xf0\xf0\x9f\xf0\x9f\x98\x80"),
  CHECK_HOSTILE ("overlong", "\xc0\x80\xc1\xbf\xe0\x80\x80\xe0\x9f\xbf\xf0\x80\x80\x80\xf0\x8f\xbf\xbf\xc0\xaf\xe0\x80\xaf"),
  CHECK_HOSTILE ("surrogates", "\xed\xa0\x80\xed\xbf\xbf\xed\xa0\xbd\xed\xb8\x80"),
  CHECK_HOSTILE ("beyond U+10FFFF", "\xf4\x90\x80\x80\xf5\x80\x80\x80\xf7\xbf\xbf\xbf\xf8\x88\x80\x80\x80\xfc\x84\x80\x80\x80\x80"),
  CHECK_HOSTILE ("bytes that UTF-8 never has", "\xc0\xc1\xf5\xf6\xf7\xf8\xf9\xfa\xfb\xfc\xfd\xfe\xff"),
  CHECK_HOSTILE ("byte order marks", "\xef\xbb\xbf" "x\xff\xfe" "x\xfe\xff\xef\xbb\xbf"),
  /* Characters that one doesn't see, or that move what one sees */
  CHECK_HOSTILE ("noncharacters", "\xef\xb7\x90\xef\xbf\xbe\xef\xbf\xbf\xf4\x8f\xbf\xbf"),
  CHECK_HOSTILE ("bidi", "safe\xe2\x80\xae" "gpj.exe\xe2\x80\xac\xe2\x81\xa6x\xe2\x81\xa9\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c"),
  CHECK_HOSTILE ("right to left", "a \xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d 12 \xd8\xb9\xd8\xb1\xd8\xa8\xd9\x8a b"),
  CHECK_HOSTILE ("zero width", "a\xe2\x80\x8b" "b\xe2\x80\x8c" "c\xe2\x80\x8d" "d\xef\xbb\xbf" "e\xe2\x81\xa0" "f\xc2\xad" "g"),
  CHECK_HOSTILE ("spaces", "a\xc2\xa0" "b\xe2\x80\x83" "c\xe2\x80\xaf" "d\xe3\x80\x80" "e\xe1\x85\x9f" "f\xe3\x85\xa4" "g"),
  CHECK_HOSTILE ("line separators", "a\xe2\x80\xa8" "b\xe2\x80\xa9" "c\xc2\x85" "d\r" "e\r\n\n\v\f"),
  CHECK_HOSTILE ("variation selectors and tags", "\xe2\x9d\xa4\xef\xb8\x8f\xf3\xa0\x81\x81\xf3\xa0\x84\x80"),
  CHECK_HOSTILE ("private use and unassigned", "\xee\x80\x80\xf3\xb0\x80\x80\xcd\xb8\xf0\xaf\xbf\xbd"),
  CHECK_HOSTILE ("emoji", "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd"
                          "\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa\xf0\x9f\x87"),
  /* Marks */
  CHECK_HOSTILE ("marks without a base", "\xcc\x81\xcc\x82\n\xcc\x81x\xe2\x80\x8b\xcc\x81"),
  CHECK_HOSTILE ("many marks", "x\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85\xcc\x86\xcc\x87\xcc\x88\xcc\x89\xcc\x8a\xcc\x8b\xcc\x8cy"),
  CHECK_HOSTILE ("joining scripts", "\xe0\xa4\x95\xe0\xa5\x8d\xe0\xa4\xb7\xe0\xa4\xbf\xe0\xb8\x81\xe0\xb8\xb3\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab"),
  CHECK_HOSTILE ("the widest character", "\xef\xb7\xbd\xe2\xb8\xbb\xf0\x92\x90\xab"),
  /* Commands to terminals */
  CHECK_HOSTILE ("ANSI escapes", "\x1b[31mred\x1b[0m\x1b[2J\x1b[H\x1b]0;title\x07\x1b]8;;http://x\x1b\\\x1bP+q\x1b\\\x1b[6n\x9b" "31m"),
  CHECK_HOSTILE ("C0", "\x01\x02\x03\x04\x05\x06\x07\b\t\v\f\x0e\x0f\x10\x1a\x1f\x7f"),
  CHECK_HOSTILE ("C1", "\xc2\x80\xc2\x84\xc2\x8d\xc2\x9b\xc2\x9d\xc2\x9f"),
  CHECK_HOSTILE ("NUL", "a\0b\0\0c"),
  /* Text that programs take for something else */
  CHECK_HOSTILE ("markup", "<b>&amp;</b> <span foreground='red'>&#x41;&lt;<!-- ]]> \"'"),
  CHECK_HOSTILE ("formats", "%s%n%d%99999s %%"),
  CHECK_HOSTILE ("escapes", "\\xC4 \\n \\0 <U+202E> \\ \\\\"),
};

/* All of them one after another, with all 256 values before and n_marks combining marks on one base behind. (transfer full) */
static inline GByteArray *
check_hostile_new (guint n_marks)
{
  GByteArray *all = g_byte_array_new ();

  for (guint i = 0; i < 256; i++)
    g_byte_array_append (all, &(guint8){ i }, 1);
  for (guint i = 0; i < G_N_ELEMENTS (check_hostile); i++)
    {
      g_byte_array_append (all, (const guint8 *) check_hostile[i].bytes, check_hostile[i].length);
      g_byte_array_append (all, (const guint8 *) "|", 1);
    }
  g_byte_array_append (all, (const guint8 *) "e", 1);
  for (guint i = 0; i < n_marks; i++)
    g_byte_array_append (all, (const guint8 *) (i % 2 == 0 ? "\xcc\x81" : "\xcc\xa3"), 2);
  return all;
}

/* The pieces that a peer might send. */
static const gsize check_hostile_pieces[] = { 1, 2, 3, 1460, 65536 };

G_END_DECLS
