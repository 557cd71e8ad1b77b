#!/usr/bin/python3
"""
A window of WebKitGTK whose profile lies on the disk, as people have it, driven by WebKitWebDriver: MiniBrowser's automation
sessions are private, and keep in memory what others keep in files. Its home is the driver's, and goes with it.
"""
import os
import tempfile

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2  # noqa: E402

profile = tempfile.mkdtemp(prefix="profile-", dir=os.environ["HOME"])
data = WebKit2.WebsiteDataManager(
    base_data_directory=profile, base_cache_directory=os.path.join(profile, "cache")
)
context = WebKit2.WebContext.new_with_website_data_manager(data)
context.set_automation_allowed(True)


def new_window(_session):
    view = WebKit2.WebView(web_context=context, is_controlled_by_automation=True)
    window = Gtk.Window()
    window.set_default_size(1280, 800)
    window.add(view)
    window.show_all()
    return view


def begin(_context, session):
    info = WebKit2.ApplicationInfo()
    info.set_name("balcony-tests")
    session.set_application_info(info)
    session.connect("create-web-view", new_window)
    session.connect("will-close", lambda _session: Gtk.main_quit())


context.connect("automation-started", begin)
Gtk.main()
