package org.smp4j.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.smp4j.explore.Report;

/** Writes a report as a JUnit test suite with one test, for tools that collect those. */
final class JUnitXml {
    private JUnitXml() {
    }

    static void write(Report report, double seconds, Path file) throws IOException {
        String time = String.format(Locale.ROOT, "%.3f", seconds);
        try (OutputStream stream = Files.newOutputStream(file)) {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(stream, "UTF-8");
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", "smp4j explore");
            xml.writeAttribute("tests", "1");
            xml.writeAttribute("failures", report.passed() ? "0" : "1");
            xml.writeAttribute("errors", "0");
            xml.writeAttribute("skipped", "0");
            xml.writeAttribute("time", time);
            xml.writeStartElement("testcase");
            xml.writeAttribute("classname", report.scenario());
            xml.writeAttribute("name", report.strategy() + ", seed " + report.seed());
            xml.writeAttribute("time", time);
            if (!report.passed()) {
                xml.writeStartElement("failure");
                xml.writeAttribute("type", report.failure().rule());
                xml.writeAttribute("message", report.failure().message());
                xml.writeCharacters(report.text());
                xml.writeEndElement();
            } else {
                xml.writeStartElement("system-out");
                xml.writeCharacters(report.text());
                xml.writeEndElement();
            }
            xml.writeEndElement();
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IOException(e);
        }
    }
}
