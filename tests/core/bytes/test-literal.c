/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-literal.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

typedef void (*AppendFunc) (GString *text, const guint8 *bytes, gsize length);

static char *
dup_literal (AppendFunc append, const void *bytes, gsize length)
{
  GString *text = g_string_new (NULL);

  append (text, bytes, length);
  return g_string_free (text, FALSE);
}

static char *
dup_escaped (SktEncoding encoding, const void *bytes, gsize length)
{
  GString *text = g_string_new (NULL);

  skt_literal_append_escaped (text, encoding, bytes, length);
  return g_string_free (text, FALSE);
}

/* All 256 values and then what is hard to quote. */
static GByteArray *
new_hard_bytes (guint n_random)
{
  static const char hard[] = "'\"\\'''\"\"\"\\\\x41\\\n\r\n\t\0" "0?\?/b'a'\r";
  GByteArray *bytes = g_byte_array_new ();

  for (guint i = 0; i < 256; i++)
    {
      guint8 byte = i;
      g_byte_array_append (bytes, &byte, 1);
    }
  g_byte_array_append (bytes, (const guint8 *) hard, sizeof hard - 1);
  for (guint i = 0; i < n_random; i++)
    {
      guint8 byte = g_test_rand_int ();
      g_byte_array_append (bytes, &byte, 1);
    }
  return bytes;
}

/* -- C ------------------------------------------------------------------------------------------------------- */

static void
test_c (void)
{
  g_autofree char *text = dup_literal (skt_literal_append_c, "hello\xff", 6);
  g_autofree char *empty = dup_literal (skt_literal_append_c, NULL, 0);

  g_assert_cmpstr (text, ==, "const unsigned char data[6] = {\n  0x68, 0x65, 0x6c, 0x6c, 0x6f, 0xff,\n};\n");
  g_assert_cmpstr (empty, ==, "");
}

static void
test_c_read_back (void)
{
  g_autoptr (GByteArray) bytes = new_hard_bytes (1000);
  g_autofree char *text = dup_literal (skt_literal_append_c, bytes->data, bytes->len);
  char *p = strchr (text, '[');
  gsize n = 0;

  g_assert_cmpuint (strtoul (p + 1, &p, 10), ==, bytes->len);
  g_assert_true (g_str_has_prefix (p, "] = {\n"));
  p += strlen ("] = {");
  while (n < bytes->len)
    {
      g_assert_cmpuint (strtoul (p, &p, 0), ==, bytes->data[n++]);
      g_assert_cmpint (*p++, ==, ',');
    }
  g_assert_cmpstr (p, ==, "\n};\n");
}

/* Two lines of numbers and one are what a compiler makes of it. */
static void
test_c_compiles (void)
{
  g_autofree char *cc = g_find_program_in_path ("cc");
  g_autoptr (GByteArray) bytes = new_hard_bytes (0);
  g_autofree char *literal = dup_literal (skt_literal_append_c, bytes->data, bytes->len);
  g_autofree char *source
      = g_strconcat (literal,
                     "#include <stdio.h>\n"
                     "int main (void) { return fwrite (data, 1, sizeof data, stdout) != sizeof data; }\n",
                     NULL);
  g_autofree char *program = g_build_filename (g_get_tmp_dir (), "skt-literal-XXXXXX", NULL);
  g_autoptr (GSubprocess) compiler = NULL, run = NULL;
  g_autoptr (GBytes) input = g_bytes_new (source, strlen (source)), output = NULL;
  g_autoptr (GError) error = NULL;

  if (cc == NULL)
    {
      g_test_skip ("no C compiler");
      return;
    }
  close (g_mkstemp (program));
  compiler = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE, &error, cc, "-Wall", "-Werror", "-x", "c", "-o", program,
                               "-", NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate (compiler, input, NULL, NULL, NULL, &error));
  g_assert_true (g_subprocess_get_successful (compiler));
  run = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate (run, NULL, NULL, &output, NULL, &error));
  g_unlink (program);
  g_assert_cmpmem (g_bytes_get_data (output, NULL), g_bytes_get_size (output), bytes->data, bytes->len);
}

/* -- Python and JSON, by Python itself ------------------------------------------------------------------------ */

/* What a Python program that reads `input` writes, or NULL if there is no Python. */
static GBytes *
run_python (const char *program, const char *input)
{
  g_autofree char *python = g_find_program_in_path ("python3");
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GBytes) in = g_bytes_new (input, strlen (input));
  g_autoptr (GError) error = NULL;
  GBytes *out = NULL;

  if (python == NULL)
    return NULL;
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, python, "-c",
                              program, NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate (process, in, NULL, &out, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (process));
  return out;
}

static void
test_python (void)
{
  static const struct
  {
    const char *bytes;
    gsize length;
    const char *wanted;
  } cases[] = {
    { "", 0, "b''" },
    { "GET /\r\n\xff\0" "1\t", 11, "b'GET /\\r\\n\\xff\\x001\\t'" },
    { "it's \"so\" \\n", 12, "b'it\\'s \"so\" \\\\n'" },
  };
  g_autofree char *lines = NULL;
  const char *text = "first line of some text that is longer than fits\nsecond line that is long as well\nthird";

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *literal = dup_literal (skt_literal_append_python, cases[i].bytes, cases[i].length);
      g_assert_cmpstr (literal, ==, cases[i].wanted);
    }
  lines = dup_literal (skt_literal_append_python, text, strlen (text));
  g_assert_cmpstr (lines, ==, "(\n"
                              "    b'first line of some text that is longer than fits\\n'\n"
                              "    b'second line that is long as well\\n'\n"
                              "    b'third'\n"
                              ")\n");
}

static void
test_python_columns (void)
{
  g_autoptr (GByteArray) bytes = new_hard_bytes (3000);
  g_autofree char *text = dup_literal (skt_literal_append_python, bytes->data, bytes->len);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    g_assert_cmpuint (strlen (lines[i]), <=, 80);
}

static void
test_python_read_back (void)
{
  static const guint lengths[] = { 0, 1, 3, 16, 5000 };

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autoptr (GByteArray) bytes = new_hard_bytes (lengths[i]);
      g_autofree char *text = dup_literal (skt_literal_append_python, bytes->data, bytes->len);
      g_autoptr (GBytes) out
          = run_python ("import ast, sys; sys.stdout.buffer.write(ast.literal_eval(sys.stdin.read()))", text);

      if (out == NULL)
        {
          g_test_skip ("no python3");
          return;
        }
      g_assert_cmpmem (g_bytes_get_data (out, NULL), g_bytes_get_size (out), bytes->data, bytes->len);
    }
}

static void
append_json (GString *text, const guint8 *bytes, gsize length)
{
  skt_literal_append_json (text, (const char *) bytes, length);
}

static void
test_json (void)
{
  const char text[] = "say \"a\\b\"\n\r\t\0\x01\x7f/ä你😀\u202e\u200b\U000E0001";
  g_autofree char *json = dup_literal (append_json, text, sizeof text - 1);
  g_autoptr (GBytes) out = NULL;

  g_assert_cmpstr (json, ==, "\"say \\\"a\\\\b\\\"\\n\\r\\t\\u0000\\u0001\\u007f/ä你😀\\u202e\\u200b\\udb40\\udc01\"");
  out = run_python ("import json, sys; sys.stdout.buffer.write(json.loads(sys.stdin.buffer.read()).encode())", json);
  if (out != NULL)
    g_assert_cmpmem (g_bytes_get_data (out, NULL), g_bytes_get_size (out), text, sizeof text - 1);
}

/* -- Escaped text -------------------------------------------------------------------------------------------- */

static void
check_escaped (SktEncoding encoding, const void *bytes, gsize length, const char *wanted)
{
  g_autofree char *text = dup_escaped (encoding, bytes, length);
  g_assert_cmpstr (text, ==, wanted);
}

static void
test_escaped (void)
{
  check_escaped (SKT_ENCODING_UTF_8, "", 0, "");
  check_escaped (SKT_ENCODING_UTF_8, "a\r\n\t\0\x1b\x7f\\x41", 11, "a\\r\\n\\t\\0\\x1B\\x7F\\\\x41");
  /* no octal number */
  check_escaped (SKT_ENCODING_UTF_8, "\0" "1\0\0" "7a\0\n\0\\0", 11, "\\x001\\0\\x007a\\0\\n\\0\\\\0");
  check_escaped (SKT_ENCODING_UTF_8, "你\xff\xe4\xbd!", 7, "你\\xFF\\xE4\\xBD!");
  check_escaped (SKT_ENCODING_UTF_8, "\u202e\u200b", 6, "\\xE2\\x80\\xAE\\xE2\\x80\\x8B");
  check_escaped (SKT_ENCODING_GB18030, "\xc4\xe3\xff", 3, "你\\xFF");
  check_escaped (SKT_ENCODING_ASCII, "\xc4\xe3", 2, "\\xC4\\xE3");
  check_escaped (SKT_ENCODING_UTF_16LE, "a\0\n\0`O\\\0\x01", 9, "a\\x0A\\x00你\\\\\\x01");
  check_escaped (SKT_ENCODING_SHIFT_JIS, "\x82\xa0\\", 3, "あ\\\\");
}

static void
append_encoded (GByteArray *bytes, SktEncoding encoding, const char *text, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) encoded = skt_encoding_encode (encoding, text, length, NULL, &error);

  g_assert_no_error (error);
  g_byte_array_append (bytes, g_bytes_get_data (encoded, NULL), g_bytes_get_size (encoded));
}

static GByteArray *
unescape (SktEncoding encoding, const char *text)
{
  GByteArray *bytes = g_byte_array_new ();

  while (*text != '\0')
    {
      gsize n = strcspn (text, "\\");
      const char *found;
      guint8 byte;

      append_encoded (bytes, encoding, text, n);
      text += n;
      if (*text == '\0')
        break;
      found = strchr ("r\rn\nt\t\\\\", text[1]);
      if (text[1] == 'x')
        {
          byte = g_ascii_xdigit_value (text[2]) << 4 | g_ascii_xdigit_value (text[3]);
          g_byte_array_append (bytes, &byte, 1);
          text += 4;
          continue;
        }
      if (text[1] == '0')
        g_byte_array_append (bytes, (const guint8 *) "", 1);
      else
        append_encoded (bytes, encoding, found + 1, 1);
      text += 2;
    }
  return bytes;
}

/* Every unit that there is, and random bytes: what is written stands for these bytes and no others. */
static void
test_escaped_read_back (void)
{
  for (guint encoding = 0; encoding < SKT_N_ENCODINGS; encoding++)
    {
      g_autoptr (GByteArray) bytes = new_hard_bytes (20000);
      g_autoptr (GByteArray) again = NULL;
      g_autofree char *text = NULL;

      for (guint pair = 0x8000; pair < 0x10000; pair += 3)
        {
          guint8 two[2] = { pair >> 8, pair };
          g_byte_array_append (bytes, two, 2);
        }
      text = dup_escaped (encoding, bytes->data, bytes->len);
      g_assert_true (g_utf8_validate (text, -1, NULL));
      g_assert_null (strpbrk (text, "\n\r\t"));
      again = unescape (encoding, text);
      g_test_message ("%s", skt_encoding_get_name (encoding));
      g_assert_cmpmem (again->data, again->len, bytes->data, bytes->len);
    }
}

/* -- Base64 -------------------------------------------------------------------------------------------------- */

static void
test_base64 (void)
{
  for (gsize length = 0; length < 5; length++)
    {
      g_autofree char *text = dup_literal (skt_literal_append_base64, "hello", length);
      g_autofree char *wanted = g_base64_encode ((const guint8 *) "hello", length);
      g_assert_cmpstr (text, ==, wanted);
    }
}

static void
test_base64_lines (void)
{
  for (gsize length = SKT_BASE64_LINE_BYTES; length <= SKT_BASE64_LINE_BYTES + 2; length++)
    {
      g_autofree guint8 *bytes = g_malloc (length), *again = NULL;
      g_autofree char *text = NULL;
      gsize n;

      for (gsize i = 0; i < length; i++)
        bytes[i] = g_test_rand_int ();
      text = dup_literal (skt_literal_append_base64, bytes, length);
      g_assert_cmpint (strchr (text, '\n') == NULL, ==, length == SKT_BASE64_LINE_BYTES);
      if (strchr (text, '\n') != NULL)
        g_assert_cmpint (strchr (text, '\n') - text, ==, 76);
      again = g_base64_decode (text, &n);
      g_assert_cmpmem (again, n, bytes, length);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/literal/c", test_c);
  g_test_add_func ("/core/literal/c-read-back", test_c_read_back);
  g_test_add_func ("/core/literal/c-compiles", test_c_compiles);
  g_test_add_func ("/core/literal/python", test_python);
  g_test_add_func ("/core/literal/python-columns", test_python_columns);
  g_test_add_func ("/core/literal/python-read-back", test_python_read_back);
  g_test_add_func ("/core/literal/json", test_json);
  g_test_add_func ("/core/literal/escaped", test_escaped);
  g_test_add_func ("/core/literal/escaped-read-back", test_escaped_read_back);
  g_test_add_func ("/core/literal/base64", test_base64);
  g_test_add_func ("/core/literal/base64-lines", test_base64_lines);
  return g_test_run ();
}
