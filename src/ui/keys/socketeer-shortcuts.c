/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-shortcuts.h"

#include <glib/gi18n.h>
#include <string.h>

#define APPLICATION SOCKETEER_SHORTCUT_APPLICATION
#define CLASS SOCKETEER_SHORTCUT_CLASS
#define TOOLKIT SOCKETEER_SHORTCUT_TOOLKIT

#define TABS SOCKETEER_SHORTCUTS_TABS
#define CONNECTION SOCKETEER_SHORTCUTS_CONNECTION
#define MESSAGE SOCKETEER_SHORTCUTS_MESSAGE
#define PANES SOCKETEER_SHORTCUTS_PANES
#define TRANSCRIPT SOCKETEER_SHORTCUTS_TRANSCRIPT
#define BYTES SOCKETEER_SHORTCUTS_BYTES
#define FIND SOCKETEER_SHORTCUTS_FIND
#define LISTS SOCKETEER_SHORTCUTS_LISTS
#define PROGRAM SOCKETEER_SHORTCUTS_PROGRAM

static const SocketeerShortcut shortcuts[] = {
  { TABS, N_ ("New client"), APPLICATION, "win.new-client", "<Control>t" },
  { TABS, N_ ("New server"), APPLICATION, "win.new-server", "<Control><Shift>n" },
  { TABS, N_ ("New window"), APPLICATION, "app.new-window", "<Control>n" },
  { TABS, N_ ("Open a file"), APPLICATION, "win.open", "<Control>o" },
  { TABS, N_ ("Close tab"), APPLICATION, "win.close-tab", "<Control>w" },
  { TABS, N_ ("Open the closed tab again"), APPLICATION, "win.undo-close-tab", "<Control><Shift>t" },
  { TABS, N_ ("Next tab"), TOOLKIT, NULL, "<Control>Page_Down <Control>Tab", "<Control>KP_Page_Down <Control>KP_Tab" },
  { TABS, N_ ("Previous tab"), TOOLKIT, NULL, "<Control>Page_Up <Control><Shift>Tab",
    "<Control>KP_Page_Up <Control><Shift>KP_Tab" },
  { TABS, N_ ("Go to a tab by its number"), TOOLKIT, NULL, "<Alt>1...<Alt>9", "<Alt>KP_1...<Alt>KP_9 <Alt>0 <Alt>KP_0" },
  { TABS, N_ ("Move tab"), TOOLKIT, NULL, "<Control><Shift>Page_Up <Control><Shift>Page_Down",
    "<Control><Shift>KP_Page_Up <Control><Shift>KP_Page_Down" },

  { CONNECTION, N_ ("Disconnect, or cancel connecting"), APPLICATION, "win.disconnect", "<Control>d" },
  { CONNECTION, N_ ("In the list of clients: disconnect those selected"), "clients", "connections.disconnect", "Delete", "KP_Delete" },

  { MESSAGE, N_ ("Send"), "message", "composer.send", "<Control>Return", "<Control>KP_Enter <Control>ISO_Enter" },
  { MESSAGE, N_ ("Earlier and later message"), "history", ".earlier", "Up", "KP_Up" },
  { MESSAGE, NULL, "history", ".later", "Down", "KP_Down" },
  { MESSAGE, N_ ("Leave the message"), TOOLKIT, NULL, "<Control>Tab <Control><Shift>Tab", "<Control>KP_Tab <Control><Shift>KP_Tab" },

  { PANES, N_ ("Next and previous pane"), APPLICATION, "win.next-pane", "F6" },
  { PANES, NULL, APPLICATION, "win.previous-pane", "<Shift>F6" },
  { PANES, N_ ("Sending tools"), APPLICATION, "win.tool-pane", "F7" },
  { PANES, N_ ("About the connection"), APPLICATION, "win.connection-pane", "F8" },
  { PANES, N_ ("Inspector"), APPLICATION, "win.inspector", "F9" },
  { PANES, N_ ("Close a bar or pane"), "find-bar", ".close", "Escape" },
  { PANES, NULL, "transcript", ".close-find", "Escape" },
  { PANES, NULL, "client-search", "connections.end-search", "Escape" },
  { PANES, NULL, "page", ".close", "Escape" },
  { PANES, NULL, CLASS, NULL, "Escape" },

  { TRANSCRIPT, N_ ("Show as text, hex, both"), APPLICATION, "win.view::text", "<Control>1" },
  { TRANSCRIPT, NULL, APPLICATION, "win.view::hex", "<Control>2" },
  { TRANSCRIPT, NULL, APPLICATION, "win.view::both", "<Control>3" },
  { TRANSCRIPT, N_ ("Show as reads, stream, frames"), APPLICATION, "win.mode::reads", "<Control>4" },
  { TRANSCRIPT, NULL, APPLICATION, "win.mode::stream", "<Control>5" },
  { TRANSCRIPT, NULL, APPLICATION, "win.mode::frames", "<Control>6" },
  { TRANSCRIPT, N_ ("Filter"), APPLICATION, "win.filter", "<Control><Shift>f" },
  { TRANSCRIPT, N_ ("Clear"), APPLICATION, "win.clear", "<Control>l" },
  { TRANSCRIPT, N_ ("Save to a file"), APPLICATION, "win.save", "<Control>s" },
  { TRANSCRIPT, N_ ("Zoom in, out, normal size"), APPLICATION, "win.zoom-in", "<Control>plus", "<Control>equal <Control>KP_Add" },
  { TRANSCRIPT, NULL, APPLICATION, "win.zoom-out", "<Control>minus", "<Control>KP_Subtract" },
  { TRANSCRIPT, NULL, APPLICATION, "win.zoom-normal", "<Control>0", "<Control>KP_0" },

  { BYTES, N_ ("Move by byte or row, with Shift select"), CLASS, NULL, "Left Right Up Down",
    "KP_Left KP_Right KP_Up KP_Down <Shift>Left <Shift>Right <Shift>Up <Shift>Down <Shift>KP_Left <Shift>KP_Right <Shift>KP_Up "
    "<Shift>KP_Down" },
  { BYTES, N_ ("Move by page"), CLASS, NULL, "Page_Up Page_Down",
    "KP_Page_Up KP_Page_Down <Shift>Page_Up <Shift>Page_Down <Shift>KP_Page_Up <Shift>KP_Page_Down" },
  { BYTES, N_ ("First and last byte of the row"), CLASS, NULL, "Home End",
    "KP_Home KP_End <Shift>Home <Shift>End <Shift>KP_Home <Shift>KP_End" },
  { BYTES, N_ ("First and last byte"), CLASS, NULL, "<Control>Home <Control>End",
    "<Control>KP_Home <Control>KP_End <Control><Shift>Home <Control><Shift>End <Control><Shift>KP_Home <Control><Shift>KP_End" },
  { BYTES, N_ ("Select all"), CLASS, NULL, "<Control>a" },
  { BYTES, N_ ("Copy the selection"), CLASS, NULL, "<Control>c", "<Control>Insert" },
  { BYTES, N_ ("Details of the byte at the cursor"), "places", "places.details::cursor", "<Alt>Return" },
  { BYTES, N_ ("Count times from the cursor"), "places", "places.time-from::cursor", "<Control>m" },

  { FIND, N_ ("Find"), APPLICATION, "win.find", "<Control>f" },
  { FIND, N_ ("Next match"), APPLICATION, "win.find-next", "<Control>g F3" },
  { FIND, N_ ("Previous match"), APPLICATION, "win.find-previous", "<Control><Shift>g <Shift>F3" },
  { FIND, N_ ("In the find bar: next and previous match"), "find-entry", ".next", "Return", "KP_Enter" },
  { FIND, NULL, "find-entry", ".previous", "<Shift>Return", "<Shift>KP_Enter" },
  { FIND, N_ ("Go to an offset, time or record"), "places", "places.go-to", "<Control>i" },
  { FIND, N_ ("Set or remove a bookmark"), "places", "places.bookmark::cursor", "<Control>b" },
  { FIND, N_ ("Next and previous bookmark"), "places", "places.next-bookmark", "F2" },
  { FIND, NULL, "places", "places.previous-bookmark", "<Shift>F2" },
  { FIND, N_ ("List of bookmarks"), "places", "places.bookmarks", "<Control><Shift>b" },

  { LISTS, N_ ("Move the chosen preset, rule or step"), "presets", ".up", "<Alt>Up", "<Alt>KP_Up" },
  { LISTS, NULL, "presets", ".down", "<Alt>Down", "<Alt>KP_Down" },
  { LISTS, NULL, "answers", "answers.move-up", "<Alt>Up", "<Alt>KP_Up" },
  { LISTS, NULL, "answers", "answers.move-down", "<Alt>Down", "<Alt>KP_Down" },
  { LISTS, NULL, "steps", "sequences.up", "<Alt>Up", "<Alt>KP_Up" },
  { LISTS, NULL, "steps", "sequences.down", "<Alt>Down", "<Alt>KP_Down" },
  { LISTS, N_ ("Remove it"), "presets", ".remove", "Delete", "KP_Delete" },
  { LISTS, NULL, "answers", "answers.delete", "Delete", "KP_Delete" },
  { LISTS, NULL, "steps", "sequences.remove", "Delete", "KP_Delete" },
  { LISTS, NULL, "recent", ".remove", "Delete", "KP_Delete" },
  { LISTS, N_ ("Undo, in presets and rules"), "presets", ".undo", "<Control>z" },
  { LISTS, NULL, "answers", "answers.undo", "<Control>z" },
  { LISTS, N_ ("Send the chosen preset"), "presets", ".send", "<Control>Return", "<Control>KP_Enter" },
  { LISTS, N_ ("New rule"), "answers", "answers.add", "Insert", "KP_Insert" },
  { LISTS, N_ ("Duplicate the chosen rule"), "answers", "answers.duplicate", "<Control><Shift>d" },

  { PROGRAM, N_ ("Main menu"), TOOLKIT, NULL, "F10" },
  { PROGRAM, N_ ("Context menu"), CLASS, NULL, "<Shift>F10 Menu" },
  { PROGRAM, NULL, "clients", "connections.menu", "<Shift>F10 Menu" },
  { PROGRAM, N_ ("Keyboard shortcuts"), APPLICATION, "win.show-help-overlay", "<Control>question", "<Control>F1 <Control>slash" },
  { PROGRAM, N_ ("Preferences"), APPLICATION, "app.preferences", "<Control>comma" },
  { PROGRAM, N_ ("Quit"), APPLICATION, "app.quit", "<Control>q" },
};

const SocketeerShortcut *
socketeer_shortcuts_list (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (shortcuts);
  return shortcuts;
}

const char *
socketeer_shortcuts_get_group_title (SocketeerShortcutGroup group)
{
  static const char *const titles[SOCKETEER_N_SHORTCUT_GROUPS] = {
    N_ ("Tabs"),
    N_ ("Connection"),
    /* Translators: a group of keyboard shortcuts: where a message is written */
    N_ ("Message"),
    N_ ("Panes"),
    N_ ("Transcript"),
    /* Translators: a group of keyboard shortcuts: at the bytes of the transcript */
    N_ ("Bytes"),
    N_ ("Find and Go To"),
    /* Translators: a group of keyboard shortcuts: of presets, rules, steps */
    N_ ("Lists of Tools"),
    /* Translators: a group of keyboard shortcuts */
    N_ ("Program"),
  };

  g_return_val_if_fail (group < SOCKETEER_N_SHORTCUT_GROUPS, NULL);
  return _ (titles[group]);
}

/* -- Triggers ------------------------------------------------------------------------------------------------------ */

static void
append_triggers (GStrvBuilder *builder, const char *keys)
{
  g_auto (GStrv) words = g_strsplit (keys, " ", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      const char *dots = strstr (words[i], "...");
      g_autofree char *key = g_strndup (words[i], dots != NULL ? (gsize) (dots - words[i]) : strlen (words[i]));

      g_strv_builder_add (builder, key);
      /* The ends differ in their last character. */
      for (char *last = key + strlen (key) - 1; dots != NULL && *last < words[i][strlen (words[i]) - 1];)
        {
          ++*last;
          g_strv_builder_add (builder, key);
        }
    }
}

GStrv
socketeer_shortcut_dup_triggers (const SocketeerShortcut *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  append_triggers (builder, self->keys);
  if (self->also != NULL)
    append_triggers (builder, self->also);
  return g_strv_builder_end (builder);
}

void
socketeer_shortcuts_set_accelerators (GtkApplication *application)
{
  g_return_if_fail (GTK_IS_APPLICATION (application));

  for (guint i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    if (g_str_equal (shortcuts[i].place, APPLICATION))
      {
        g_auto (GStrv) triggers = socketeer_shortcut_dup_triggers (&shortcuts[i]);

        gtk_application_set_accels_for_action (application, shortcuts[i].action, (const char **) triggers);
      }
}

/* -- Keys of a place ----------------------------------------------------------------------------------------------- */

typedef struct
{
  SocketeerShortcutFunc func;
  gpointer user_data;
  const char *name;
} Call;

static gboolean
call_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  Call *call = user_data;

  return call->func (widget, call->name, call->user_data);
}

static GtkShortcut *
create_shortcut (const SocketeerShortcut *entry, const char *trigger, SocketeerShortcutFunc func, gpointer user_data)
{
  GtkShortcut *shortcut = gtk_shortcut_new (gtk_shortcut_trigger_parse_string (trigger), NULL);
  g_autoptr (GVariant) target = NULL;
  g_autofree char *name = NULL;

  if (entry->action[0] == '.')
    {
      Call *call = g_new (Call, 1);

      *call = (Call){ func, user_data, entry->action + 1 };
      gtk_shortcut_set_action (shortcut, gtk_callback_action_new (call_cb, call, g_free));
    }
  else if (g_action_parse_detailed_name (entry->action, &name, &target, NULL))
    {
      gtk_shortcut_set_action (shortcut, gtk_named_action_new (name));
      gtk_shortcut_set_arguments (shortcut, target);
    }
  return shortcut;
}

void
socketeer_shortcuts_add (GtkWidget *widget,
                         const char *place,
                         GtkPropagationPhase phase,
                         SocketeerShortcutFunc func,
                         gpointer user_data)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  g_return_if_fail (GTK_IS_WIDGET (widget));

  gtk_event_controller_set_propagation_phase (controller, phase);
  for (guint i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    {
      g_auto (GStrv) triggers = socketeer_shortcut_dup_triggers (&shortcuts[i]);

      if (!g_str_equal (shortcuts[i].place, place))
        continue;
      g_assert (func != NULL || shortcuts[i].action[0] != '.');
      /* Menus show the one that was added last: the first of the table. */
      for (guint j = g_strv_length (triggers); j > 0; j--)
        gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                              create_shortcut (&shortcuts[i], triggers[j - 1], func, user_data));
    }
  gtk_widget_add_controller (widget, controller);
}
