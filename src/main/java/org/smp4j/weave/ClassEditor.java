package org.smp4j.weave;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Applies all edits of one class. */
final class ClassEditor {
    private ClassEditor() {
    }

    static byte[] apply(List<Edit> edits, byte[] bytes, ClassLoader hierarchy) {
        ClassFile classFile = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(hierarchy).orElse(ClassHierarchyResolver.defaultResolver())));
        ClassModel model = classFile.parse(bytes);
        Map<MethodModel, MethodBody> bodies = new LinkedHashMap<>();
        for (Edit edit : edits) {
            edit.apply(targets(model, edit).stream()
                    .map(m -> bodies.computeIfAbsent(m, _ -> new MethodBody(model.thisClass().asSymbol(), m)))
                    .toList());
        }
        return classFile.transformClass(model, transform(bodies));
    }

    private static List<MethodModel> targets(ClassModel model, Edit edit) {
        Target target = edit.target();
        List<MethodModel> found = model.methods().stream().filter(target::matches)
                .sorted(Comparator.comparingInt(target::order)).toList();
        if (found.isEmpty()) {
            throw new WeaveException(edit + ": there is no such code");
        }
        if (found.size() > 1 && !target.lambdas()) {
            throw new WeaveException(edit + ": the method is overloaded, " + found.stream()
                    .map(m -> m.methodType().stringValue()).toList()
                    + "; name its descriptor");
        }
        return found;
    }

    private static ClassTransform transform(Map<MethodModel, MethodBody> bodies) {
        return (builder, element) -> {
            MethodBody body = element instanceof MethodModel method ? bodies.get(method) : null;
            if (body == null) {
                builder.with(element);
            } else {
                builder.transformMethod(body.method, MethodTransform.transformingCode(body.transform()));
            }
        };
    }
}
