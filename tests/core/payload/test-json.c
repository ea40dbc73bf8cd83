/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "skt-json.h"

#include "skt-error.h"

#include <string.h>

static const char *const colours[] = { "red", "green", NULL };

static JsonObject *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonObject *object = skt_json_parse (text, -1, &error);

  g_assert_no_error (error);
  return object;
}

static void
test_read (void)
{
  g_autoptr (JsonObject) object = parse ("{\"s\": \"a\\u0001\\\"b\\n\", \"b\": true, \"i\": -5, \"c\": \"green\", \"o\": {}, \"a\": [1], \"n\": null}");
  const char *text = NULL;
  gboolean flag = FALSE;
  gint64 number = 0;
  guint choice = 0;
  JsonObject *inner = NULL;
  JsonArray *array = NULL;

  g_assert_true (skt_json_read_string (object, "s", &text, NULL));
  g_assert_cmpstr (text, ==, "a\1\"b\n");
  g_assert_true (skt_json_read_boolean (object, "b", &flag, NULL) && flag);
  g_assert_true (skt_json_read_int (object, "i", -5, 0, &number, NULL));
  g_assert_cmpint (number, ==, -5);
  g_assert_true (skt_json_read_choice (object, "c", colours, &choice, NULL));
  g_assert_cmpuint (choice, ==, 1);
  g_assert_true (skt_json_read_object (object, "o", &inner, NULL) && inner != NULL);
  g_assert_true (skt_json_read_array (object, "a", &array, NULL) && json_array_get_length (array) == 1);

  /* Missing and null: as it was. */
  g_assert_true (skt_json_read_string (object, "n", &text, NULL) && skt_json_read_string (object, "x", &text, NULL));
  g_assert_cmpstr (text, ==, "a\1\"b\n");
  g_assert_true (skt_json_read_int (object, "n", 1, 2, &number, NULL) && number == -5);
}

static void
check_refused (gboolean result, GError **error, const char *part)
{
  g_assert_false (result);
  g_assert_error (*error, SKT_ERROR, SKT_ERROR_BAD_FILE);
  g_assert_nonnull (strstr ((*error)->message, part));
  g_clear_error (error);
}

static void
test_wrong_types (void)
{
  g_autoptr (JsonObject) object = parse ("{\"s\": \"red\", \"i\": 7, \"d\": 1.5, \"a\": [], \"o\": {}, \"c\": \"blue\"}");
  g_autoptr (GError) error = NULL;
  const char *text = "kept";
  gboolean flag = TRUE;
  gint64 number = 3;
  guint choice = 9;
  JsonObject *inner = NULL;
  JsonArray *array = NULL;

  check_refused (skt_json_read_string (object, "i", &text, &error), &error, "“i” is not a string");
  check_refused (skt_json_read_string (object, "a", &text, &error), &error, "“a” is not a string");
  check_refused (skt_json_read_boolean (object, "i", &flag, &error), &error, "“i” is not true or false");
  check_refused (skt_json_read_int (object, "d", 0, 9, &number, &error), &error, "“d” is not a whole number");
  check_refused (skt_json_read_int (object, "i", 0, 6, &number, &error), &error, "“i” is not between 0 and 6");
  check_refused (skt_json_read_choice (object, "c", colours, &choice, &error), &error, "one of: red, green");
  check_refused (skt_json_read_object (object, "a", &inner, &error), &error, "“a” is not an object");
  check_refused (skt_json_read_array (object, "o", &array, &error), &error, "“o” is not an array");
  g_assert_cmpstr (text, ==, "kept");
  g_assert_true (flag && number == 3 && choice == 9 && inner == NULL && array == NULL);
}

static void
test_parse_refused (void)
{
  static const char *const texts[] = {
    "", "   ", "[]", "1", "null", "{", "{]", "{\"a\": 1,", "{\"a\" 1}", "{\"a\": \"\\u0000\"}", "{\"a\": \"\xFF\"}", "// {", "{'a': 1}",
  };
  g_autoptr (GString) deep = g_string_new ("{\"a\": ");
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (JsonObject) object = skt_json_parse (texts[i], -1, &error);

      g_assert_null (object);
      g_assert_error (error, SKT_ERROR, SKT_ERROR_BAD_FILE);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_clear_error (&error);
    }
  g_assert_null (skt_json_parse ("{\"a\": \"\0\"}", 10, &error));
  g_assert_error (error, SKT_ERROR, SKT_ERROR_BAD_FILE);
  g_clear_error (&error);
  for (guint i = 0; i < 100000; i++)
    g_string_append_c (deep, '[');
  g_assert_null (skt_json_parse (deep->str, deep->len, &error));
  g_assert_error (error, SKT_ERROR, SKT_ERROR_BAD_FILE);
}

/* Brackets of a payload are no depth, and an escaped backslash before u0000 is no NUL. */
static void
test_parse_strings (void)
{
  g_autoptr (JsonObject) object = parse ("{\"s\": \"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\\u0000\\\"//'\"}");

  g_assert_true (g_str_has_suffix (json_object_get_string_member (object, "s"), "[\\u0000\"//'"));
}

/* What kind of file it is: of this kind, another kind, of a newer version. */
static void
test_header (void)
{
  static const struct
  {
    const char *text;
    const char *message; /* NULL: good */
  } cases[] = {
    { "{\"format\": \"ours\", \"version\": 2}", NULL },
    { "{\"format\": \"ours\", \"version\": 1}", NULL },
    { "{\"format\": \"ours\"}", NULL },
    { "{\"format\": \"ours\", \"version\": 3}", "It is of a newer version of this program" },
    { "{\"format\": \"ours\", \"version\": 9223372036854775807}", "It is of a newer version of this program" },
    { "{\"format\": \"ours\", \"version\": \"2\"}", "“version” is not a whole number" },
    { "{\"format\": \"theirs\", \"version\": 2}", "other" },
    { "{\"version\": 2}", "other" },
    { "{\"format\": 5}", "“format” is not a string" },
  };
  g_autoptr (JsonObject) object = skt_json_object_new ("ours", 2);

  g_assert_true (skt_json_check_format (object, "ours", 2, "other", NULL));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonObject) tainted_object = skt_json_parse (cases[i].text, -1, NULL);
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (skt_json_check_format (tainted_object, "ours", 2, "other", &error), ==, cases[i].message == NULL);
      g_assert_cmpstr (error != NULL ? error->message : NULL, ==, cases[i].message);
    }
}

static void
test_format (void)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonObject) again = NULL;
  g_autofree char *text = NULL;
  GString *all = g_string_new (NULL);
  gsize length = 0;

  for (gunichar c = 1; c < 0x300; c++)
    g_string_append_unichar (all, c);
  g_string_append (all, "\u2028\u2029\uFEFF\uFFFD你好\U0001F600");
  json_object_set_string_member (object, "all", all->str);
  text = skt_json_format (object, &length);
  g_assert_cmpuint (strlen (text), ==, length);
  g_assert_true (g_str_has_suffix (text, "}\n"));
  again = parse (text);
  g_assert_cmpstr (json_object_get_string_member (again, "all"), ==, all->str);
  g_string_free (all, TRUE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/payload/json/read", test_read);
  g_test_add_func ("/payload/json/wrong-types", test_wrong_types);
  g_test_add_func ("/payload/json/parse-refused", test_parse_refused);
  g_test_add_func ("/payload/json/parse-strings", test_parse_strings);
  g_test_add_func ("/payload/json/header", test_header);
  g_test_add_func ("/payload/json/format", test_format);
  return g_test_run ();
}
