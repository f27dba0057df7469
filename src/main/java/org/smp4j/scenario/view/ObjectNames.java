package org.smp4j.scenario.view;

import java.lang.reflect.Field;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.smp4j.call.Csd;
import org.smp4j.cpu.Cpu;
import org.smp4j.lib.CpuMask;
import org.smp4j.sched.Task;

/**
 * Names of a machine's objects: tasks and CPUs by their own names, others by the way that leads to them, for example
 * {@code rq 1.lock}. It walks the machine again when it meets an object that it does not know, a limited number of
 * times.
 */
final class ObjectNames {
    private static final int MOST_WALKS = 40;
    private static final int MOST_OBJECTS = 20_000;
    /** What stands once for each CPU, under a short name. */
    private static final Map<String, String> PER_CPU = Map.of("runQueues", "rq", "stoppers", "stopper",
            "states", "cpuhp");

    private final Reflected reflected;
    private final List<Object> roots;
    private final Map<Object, String> names = new IdentityHashMap<>();
    private final Map<Object, String> tasks = new IdentityHashMap<>();
    private int walks;

    ObjectNames(Reflected reflected, List<Object> roots) {
        this.reflected = reflected;
        this.roots = roots;
    }

    /** {@return the name of an object, or null} */
    String of(Object object) {
        if (object instanceof Task task) {
            if (task.comm() != null) {
                tasks.put(task, task.comm());
            }
            return task.comm();
        }
        if (object instanceof Cpu || object instanceof Csd || object instanceof CpuMask && !names.containsKey(object)) {
            return object.toString();
        }
        if (!object.getClass().isArray() && !Reflected.isOurs(object.getClass()) || object instanceof Enum
                || object instanceof Runnable) {
            return null;
        }
        String name = names.get(object);
        if (name == null && walks < MOST_WALKS) {
            walks++;
            walk();
            name = names.get(object);
        }
        return name == null || name.isEmpty() ? null : name;
    }

    private void walk() {
        names.clear();
        Deque<Object> left = new ArrayDeque<>();
        for (Object root : roots) {
            names.put(root, "");
            left.add(root);
        }
        tasks.forEach((task, name) -> {
            names.put(task, name);
            left.addFirst(task);
        });
        while (!left.isEmpty() && names.size() < MOST_OBJECTS) {
            Object object = left.removeFirst();
            if (object instanceof Object[] elements) {
                for (int i = 0; i < elements.length; i++) {
                    found(elements[i], element(names.get(object), i), left);
                }
            } else {
                for (Field field : reflected.of(object.getClass())) {
                    if (!field.getType().isPrimitive()) {
                        found(Reflected.get(field, object), join(names.get(object), field.getName()), left);
                    }
                }
            }
        }
    }

    private void found(Object object, String path, Deque<Object> left) {
        if (object == null || names.containsKey(object) || object instanceof Enum || object instanceof Thread
                || !object.getClass().isArray() && !Reflected.isOurs(object.getClass())) {
            return;
        }
        names.put(object, switch (object) {
            case Task task when task.comm() != null -> task.comm(); // null while the task is being made
            case Cpu cpu -> cpu.toString();
            default -> path;
        });
        if (object instanceof Object[] || Reflected.isOurs(object.getClass()) && !object.getClass().isArray()) {
            left.addLast(object);
        }
    }

    private static String element(String array, int index) {
        String last = array.substring(array.lastIndexOf('.') + 1);
        String kind = PER_CPU.get(last);
        return kind != null ? kind + " " + index : array.endsWith(".values")
                ? array.substring(0, array.length() - ".values".length()) + " " + index : array + "[" + index + "]";
    }

    /** Of a long way only the end is worth telling. */
    private static String join(String owner, String field) {
        return owner.isEmpty() ? field : owner + "." + field;
    }
}
