/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-json.h"

#include "skt-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define FIRST_VERSION 1

/* The parser of the library goes down by recursion: what is deeper than this was not written by anybody. */
#define MAX_DEPTH 32

/* NULL: there is none, and that is right. */
static JsonNode *
get_member (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  return node == NULL || JSON_NODE_HOLDS_NULL (node) ? NULL : node;
}

static gboolean
is_value_of (JsonNode *node, GType type)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

static gboolean
refuse (GError **error, const char *name, const char *expected)
{
  /* Translators: %1$s is the name of a member of a JSON object, %2$s says what it has to be. */
  g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_FILE, _ ("“%1$s” is not %2$s"), name, expected);
  return FALSE;
}

gboolean
skt_json_read_string (JsonObject *tainted_object, const char *name, const char **value, GError **error)
{
  JsonNode *node = get_member (tainted_object, name);
  const char *text;

  if (node == NULL)
    return TRUE;
  if (!is_value_of (node, G_TYPE_STRING))
    return refuse (error, name, _ ("a string"));
  text = json_node_get_string (node);
  if (text == NULL || !g_utf8_validate (text, -1, NULL))
    return refuse (error, name, _ ("valid text"));
  *value = text;
  return TRUE;
}

gboolean
skt_json_read_boolean (JsonObject *tainted_object, const char *name, gboolean *value, GError **error)
{
  JsonNode *node = get_member (tainted_object, name);

  if (node == NULL)
    return TRUE;
  if (!is_value_of (node, G_TYPE_BOOLEAN))
    return refuse (error, name, _ ("true or false"));
  *value = json_node_get_boolean (node);
  return TRUE;
}

gboolean
skt_json_read_int (JsonObject *tainted_object, const char *name, gint64 min, gint64 max, gint64 *value, GError **error)
{
  JsonNode *node = get_member (tainted_object, name);
  gint64 number;

  if (node == NULL)
    return TRUE;
  if (!is_value_of (node, G_TYPE_INT64))
    return refuse (error, name, _ ("a whole number"));
  number = json_node_get_int (node);
  if (number < min || number > max)
    {
      g_autofree char *low = g_strdup_printf ("%" G_GINT64_FORMAT, min);
      g_autofree char *high = g_strdup_printf ("%" G_GINT64_FORMAT, max);
      /* Translators: the range of a number: from, to. */
      g_autofree char *range = g_strdup_printf (_ ("between %1$s and %2$s"), low, high);

      return refuse (error, name, range);
    }
  *value = number;
  return TRUE;
}

gboolean
skt_json_read_choice (JsonObject *tainted_object, const char *name, const char *const *names, guint *value, GError **error)
{
  const char *text = NULL;
  g_autofree char *list = NULL;

  if (!skt_json_read_string (tainted_object, name, &text, error))
    return FALSE;
  if (text == NULL)
    return TRUE;
  for (guint i = 0; names[i] != NULL; i++)
    if (g_str_equal (names[i], text))
      {
        *value = i;
        return TRUE;
      }
  list = g_strjoinv (", ", (char **) names);
  /* Translators: %1$s is the name of a member of a JSON object, %2$s its value, %3$s a list of all possible ones. */
  g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_FILE, _ ("“%1$s” is “%2$s”, but has to be one of: %3$s"), name, text, list);
  return FALSE;
}

gboolean
skt_json_read_object (JsonObject *tainted_object, const char *name, JsonObject **value, GError **error)
{
  JsonNode *node = get_member (tainted_object, name);

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return refuse (error, name, _ ("an object"));
  *value = json_node_get_object (node);
  return TRUE;
}

gboolean
skt_json_read_array (JsonObject *tainted_object, const char *name, JsonArray **value, GError **error)
{
  JsonNode *node = get_member (tainted_object, name);

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return refuse (error, name, _ ("an array"));
  *value = json_node_get_array (node);
  return TRUE;
}

JsonObject *
skt_json_object_new (const char *format, int version)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "format", format);
  json_object_set_int_member (object, "version", version);
  return object;
}

gboolean
skt_json_check_format (JsonObject *tainted_object, const char *format, int version, const char *other_message, GError **error)
{
  const char *found_format = NULL;
  gint64 found_version = FIRST_VERSION;

  if (!skt_json_read_string (tainted_object, "format", &found_format, error) ||
      !skt_json_read_int (tainted_object, "version", 0, G_MAXINT64, &found_version, error))
    return FALSE;
  if (g_strcmp0 (found_format, format) != 0)
    g_set_error_literal (error, SKT_ERROR, SKT_ERROR_BAD_FILE, other_message);
  else if (found_version > version)
    g_set_error_literal (error, SKT_ERROR, SKT_ERROR_BAD_FILE, _ ("It is of a newer version of this program"));
  else
    return TRUE;
  return FALSE;
}

/* Looks at brackets outside of strings. FALSE with the reason if it is too deep, or if it has a NUL, as it is or as \u0000, which would cut a string short. */
static gboolean
check_text (const char *text, gsize length, GError **error)
{
  gboolean in_string = FALSE;
  guint depth = 0;

  for (gsize i = 0; i < length; i++)
    {
      if (text[i] == '\0' || (in_string && length - i >= 6 && memcmp (text + i, "\\u0000", 6) == 0))
        {
          g_set_error_literal (error, SKT_ERROR, SKT_ERROR_BAD_FILE, _ ("The text has a NUL character in it"));
          return FALSE;
        }
      if (in_string)
        {
          if (text[i] == '\\')
            i++;
          else if (text[i] == '"')
            in_string = FALSE;
        }
      else if (text[i] == '"')
        in_string = TRUE;
      else if (strchr ("/'#`", text[i]) != NULL) /* comments, other quotes: where a string begins must be certain */
        {
          g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_FILE, _ ("The text is not JSON: “%c” outside of a string"), text[i]);
          return FALSE;
        }
      else if (text[i] == '[' || text[i] == '{')
        depth++;
      else if ((text[i] == ']' || text[i] == '}') && depth > 0)
        depth--;
      if (depth > MAX_DEPTH)
        {
          g_set_error_literal (error, SKT_ERROR, SKT_ERROR_BAD_FILE, _ ("The objects are inside each other too deeply"));
          return FALSE;
        }
    }
  return TRUE;
}

JsonNode *
skt_json_parse_node (const char *tainted_text, gssize length, GError **error)
{
  /* Not json_parser_new_immutable(): that of JSON-GLib 1.10 aborts when the text is a number or a string and nothing else. */
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) local_error = NULL;
  JsonNode *root;

  g_return_val_if_fail (tainted_text != NULL, NULL);

  if (length < 0)
    length = strlen (tainted_text);
  if (!g_utf8_validate_len (tainted_text, length, NULL) && memchr (tainted_text, '\0', length) == NULL)
    {
      g_set_error_literal (error, SKT_ERROR, SKT_ERROR_BAD_FILE, _ ("The text is not valid UTF-8"));
      return NULL;
    }
  if (!check_text (tainted_text, length, error))
    return NULL;
  if (!json_parser_load_from_data (parser, tainted_text, length, &local_error))
    {
      g_autofree char *valid = g_utf8_make_valid (local_error->message, -1);
      /* Translators: %s is what a parser says. */
      g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_FILE, _ ("The text is not JSON: %s"), valid);
      return NULL;
    }
  root = json_parser_get_root (parser);
  if (root == NULL || JSON_NODE_HOLDS_VALUE (root) || JSON_NODE_HOLDS_NULL (root))
    {
      g_set_error_literal (error, SKT_ERROR, SKT_ERROR_BAD_FILE, _ ("The text is not a JSON object"));
      return NULL;
    }
  json_node_seal (root);
  return json_node_ref (root);
}

JsonObject *
skt_json_parse (const char *tainted_text, gssize length, GError **error)
{
  g_autoptr (JsonNode) root = skt_json_parse_node (tainted_text, length, error);

  if (root == NULL)
    return NULL;
  if (JSON_NODE_HOLDS_OBJECT (root))
    return json_object_ref (json_node_get_object (root));
  g_set_error_literal (error, SKT_ERROR, SKT_ERROR_BAD_FILE, _ ("The text is not a JSON object"));
  return NULL;
}

char *
skt_json_format (JsonObject *object, gsize *ret_length)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;
  char *whole;

  g_return_val_if_fail (object != NULL, NULL);

  json_node_set_object (root, object);
  text = json_to_string (root, TRUE);
  whole = g_strconcat (text, "\n", NULL);
  if (ret_length != NULL)
    *ret_length = strlen (whole);
  return whole;
}
