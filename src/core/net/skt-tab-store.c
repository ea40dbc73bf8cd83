/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-tab-store.h"

#include "skt-error.h"
#include "skt-json-file.h"

#include <glib/gi18n-lib.h>

#define FORMAT "socketeer-tabs"
#define VERSION 1
#define MAX_SIZE 32768

/* Together with what the file waits itself: who types for a minute writes the file some fifty times, not for each key. */
#define CHANGE_DELAY_MS 900

struct _SktTabStore
{
  GObject parent_instance;

  GPtrArray *windows; /* SktTabWindow, as read */
  SktJsonFile *file;
  char *problem;
  SktTabCollect collect;
  gpointer collect_data;
  guint n_read;       /* tabs */
  guint change_id;    /* 0: nothing has changed */
};

enum
{
  PROP_0,
  PROP_PROBLEM,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (SktTabStore, skt_tab_store, G_TYPE_OBJECT)

SktTabWindow *
skt_tab_window_new (void)
{
  SktTabWindow *self = g_new0 (SktTabWindow, 1);

  self->tabs = g_ptr_array_new_with_free_func ((GDestroyNotify) skt_tab_free);
  return self;
}

void
skt_tab_window_free (SktTabWindow *self)
{
  g_ptr_array_unref (self->tabs);
  g_free (self);
}

/* -- Writing ------------------------------------------------------------------------------------------------- */

static JsonObject *
window_to_json (const SktTabWindow *window)
{
  JsonObject *object = json_object_new ();
  JsonArray *tabs = json_array_sized_new (window->tabs->len);

  json_object_set_int_member (object, "width", window->width);
  json_object_set_int_member (object, "height", window->height);
  json_object_set_boolean_member (object, "maximized", window->is_maximized);
  json_object_set_int_member (object, "selected", window->selected);
  for (guint i = 0; i < window->tabs->len; i++)
    json_array_add_object_element (tabs, skt_tab_to_json (g_ptr_array_index (window->tabs, i)));
  json_object_set_array_member (object, "tabs", tabs);
  return object;
}

static JsonObject *
make_cb (gpointer user_data)
{
  SktTabStore *self = user_data;
  g_autoptr (GPtrArray) windows = self->collect != NULL ? self->collect (self->collect_data) : NULL;
  JsonObject *object = skt_json_object_new (FORMAT, VERSION);
  JsonArray *array = json_array_new ();

  if (windows == NULL)
    windows = g_ptr_array_ref (self->windows);
  for (guint i = 0; i < windows->len; i++)
    json_array_add_object_element (array, window_to_json (g_ptr_array_index (windows, i)));
  json_object_set_array_member (object, "windows", array);
  return object;
}

static void
problem_cb (const char *problem, gpointer user_data)
{
  SktTabStore *self = user_data;

  if (g_strcmp0 (self->problem, problem) == 0)
    return;
  g_free (self->problem);
  self->problem = g_strdup (problem);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PROBLEM]);
}

static gboolean
change_cb (gpointer user_data)
{
  SktTabStore *self = user_data;

  self->change_id = 0;
  skt_json_file_changed (self->file);
  return G_SOURCE_REMOVE;
}

void
skt_tab_store_changed (SktTabStore *self)
{
  g_return_if_fail (SKT_IS_TAB_STORE (self));
  if (self->collect != NULL && self->change_id == 0)
    self->change_id = g_timeout_add (CHANGE_DELAY_MS, change_cb, self);
}

void
skt_tab_store_set_collect (SktTabStore *self, SktTabCollect collect, gpointer user_data)
{
  g_return_if_fail (SKT_IS_TAB_STORE (self));

  if (self->change_id != 0)
    {
      g_clear_handle_id (&self->change_id, g_source_remove);
      skt_json_file_changed (self->file);
    }
  skt_json_file_flush (self->file);
  self->collect = collect;
  self->collect_data = user_data;
}

/* -- Reading ------------------------------------------------------------------------------------------------- */

/* NULL and an error: it is none. */
static JsonObject *
get_object (JsonArray *tainted_array, guint i, const char *problem, GError **error)
{
  JsonNode *tainted_node = json_array_get_element (tainted_array, i);

  if (JSON_NODE_HOLDS_OBJECT (tainted_node))
    return json_node_get_object (tainted_node);
  g_set_error_literal (error, SKT_ERROR, SKT_ERROR_BAD_FILE, problem);
  return NULL;
}

/* Only the first error is told. */
static GError **
unless_set (GError **error)
{
  return error != NULL && *error == NULL ? error : NULL;
}

static void
take_tabs (SktTabStore *self, SktTabWindow *window, JsonArray *tainted_tabs, GError **error)
{
  for (guint i = 0; i < json_array_get_length (tainted_tabs) && self->n_read < SKT_TAB_MAX; i++)
    {
      JsonObject *tainted_object = get_object (tainted_tabs, i, _ ("A tab is not an object"), unless_set (error));
      SktTab *tab = tainted_object != NULL ? skt_tab_from_json (tainted_object, unless_set (error)) : NULL;

      if (tab == NULL)
        continue;
      g_ptr_array_add (window->tabs, tab);
      self->n_read++;
    }
}

static void
take_window (SktTabStore *self, JsonObject *tainted_object, GError **error)
{
  SktTabWindow *window = skt_tab_window_new ();
  JsonArray *tainted_tabs = NULL;
  gint64 width = 0, height = 0, selected = 0;

  if (skt_json_read_int (tainted_object, "width", 0, MAX_SIZE, &width, unless_set (error)) &&
      skt_json_read_int (tainted_object, "height", 0, MAX_SIZE, &height, unless_set (error)))
    {
      window->width = (int) width;
      window->height = (int) height;
    }
  skt_json_read_boolean (tainted_object, "maximized", &window->is_maximized, unless_set (error));
  skt_json_read_int (tainted_object, "selected", 0, G_MAXINT, &selected, unless_set (error));
  if (skt_json_read_array (tainted_object, "tabs", &tainted_tabs, unless_set (error)) && tainted_tabs != NULL)
    take_tabs (self, window, tainted_tabs, error);
  window->selected = selected < window->tabs->len ? (guint) selected : 0;
  g_ptr_array_add (self->windows, window);
}

static void
take_cb (JsonObject *tainted_object, gpointer user_data, GError **error)
{
  SktTabStore *self = user_data;
  JsonArray *tainted_array = NULL;

  if (!skt_json_check_format (tainted_object, FORMAT, VERSION, _ ("It is no list of tabs"), error) ||
      !skt_json_read_array (tainted_object, "windows", &tainted_array, error) || tainted_array == NULL)
    return;
  for (guint i = 0; i < json_array_get_length (tainted_array) && i < SKT_TAB_MAX; i++)
    {
      JsonObject *tainted_window = get_object (tainted_array, i, _ ("A window is not an object"), unless_set (error));
      if (tainted_window != NULL)
        take_window (self, tainted_window, error);
    }
}

SktTabStore *
skt_tab_store_new (const char *path)
{
  SktTabStore *self = g_object_new (SKT_TYPE_TAB_STORE, NULL);

  self->file = skt_json_file_new (path, make_cb, problem_cb, self);
  self->problem = skt_json_file_read (self->file, take_cb);
  return self;
}

GPtrArray *
skt_tab_store_steal_windows (SktTabStore *self)
{
  GPtrArray *windows;

  g_return_val_if_fail (SKT_IS_TAB_STORE (self), NULL);

  /* What was good in a damaged file is written before it goes from here. */
  skt_json_file_flush (self->file);
  windows = self->windows;
  self->windows = g_ptr_array_new_with_free_func ((GDestroyNotify) skt_tab_window_free);
  return windows;
}

/* -- GObject ------------------------------------------------------------------------------------------------- */

static void
skt_tab_store_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  if (prop_id == PROP_PROBLEM)
    g_value_set_string (value, SKT_TAB_STORE (object)->problem);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
skt_tab_store_dispose (GObject *object)
{
  SktTabStore *self = SKT_TAB_STORE (object);

  if (self->file != NULL && self->collect != NULL)
    skt_tab_store_set_collect (self, NULL, NULL);
  g_clear_pointer (&self->file, skt_json_file_free);
  G_OBJECT_CLASS (skt_tab_store_parent_class)->dispose (object);
}

static void
skt_tab_store_finalize (GObject *object)
{
  SktTabStore *self = SKT_TAB_STORE (object);

  g_ptr_array_unref (self->windows);
  g_free (self->problem);
  G_OBJECT_CLASS (skt_tab_store_parent_class)->finalize (object);
}

static void
skt_tab_store_class_init (SktTabStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = skt_tab_store_get_property;
  object_class->dispose = skt_tab_store_dispose;
  object_class->finalize = skt_tab_store_finalize;
  props[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
skt_tab_store_init (SktTabStore *self)
{
  self->windows = g_ptr_array_new_with_free_func ((GDestroyNotify) skt_tab_window_free);
}
