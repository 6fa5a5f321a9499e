"""Checks what the scripts around the real servers promise: private secrets, networks that never meet."""

import stat
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace

from parts import azurite, gcs, milvus, moto, network, process, seaweed
from parts.instance import Instance, Trouble


class Instances(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.base = Path(folder.name)

    def test_a_name_that_is_no_name_is_refused(self):
        for name in ["", "Demo", "../demo", "a b", "x" * 32]:
            with self.assertRaises(Trouble, msg=name):
                Instance(name, self.base)

    def test_a_secret_stays_the_same_and_is_readable_by_its_owner_alone(self):
        instance = Instance("one", self.base)
        with instance.lock():
            path, first = instance.secret("root.password")
            self.assertEqual(instance.secret("root.password"), (path, first))
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        self.assertGreaterEqual(len(first), 24)

    def test_the_same_name_in_two_folders_shares_nothing(self):
        one, two = Instance("demo", self.base / "a"), Instance("demo", self.base / "b")
        self.assertNotEqual(one.key, two.key)
        self.assertNotEqual(network.Namespace(one).name, network.Namespace(two).name)

    def test_names_of_network_devices_fit(self):
        space = network.Namespace(Instance("a" * 31, self.base))
        self.assertLessEqual(max(len(space.outer), len(space.inner)), 15)

    def test_ports_and_their_grpc_twins_do_not_meet(self):
        instance = Instance("demo", self.base)
        ports = list(seaweed.ports(instance).values())
        twins = ports + [port + 10_000 for port in ports]
        twins += [azurite.port(instance), moto.port(instance), gcs.port(instance), gcs.port_behind(instance)]
        self.assertEqual(len(set(twins)), len(twins))
        self.assertLess(max(twins), 65536)


class Settings(unittest.TestCase):
    def test_the_password_is_on_and_settings_reach_the_file(self):
        options = SimpleNamespace(no_compaction=True, gc_seconds=7, set=["log.level=error"])
        with tempfile.TemporaryDirectory() as folder:
            milvus.write_config(Path(folder), milvus.settings({"kind": "local"}, options))
            lines = (Path(folder) / "configs" / "milvus.yaml").read_text(encoding="utf-8").splitlines()
        text = [line.split("#")[0].strip() for line in lines]
        for wanted in ["authorizationEnabled: true", "enableCompaction: false", "dropTolerance: 7", "level: error"]:
            self.assertIn(wanted, text)


class Processes(unittest.TestCase):
    def test_a_server_is_found_by_its_folder_and_stopped_even_if_it_ignores_the_signal(self):
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / "server"
            self.assertEqual(process.running_in(place), [])
            child = process.start(["sh", "-c", "trap '' TERM; while :; do sleep 1; done"], place, Path(folder) / "log")
            self.assertIn(child.pid, process.running_in(place))
            process.stop_all(place, 15, 0.3)
            self.assertEqual(process.running_in(place), [])
            child.wait()


if __name__ == "__main__":
    unittest.main()
